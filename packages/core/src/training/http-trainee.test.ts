import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ScenarioQuestion } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTrainees } from './http-trainee.ts'

let server: Server
let origin = ''
let answer: { readonly status: number; readonly body: string } = { status: 200, body: '' }
const seen: { readonly headers: Record<string, unknown>; readonly body: unknown }[] = []

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    seen.push({ headers: request.headers, body: JSON.parse(text) })
    response.writeHead(answer.status, { location: `${origin}/elsewhere` }).end(answer.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  origin = `http://127.0.0.1:${port}`
})
afterAll(() => void server.close())

function ask(allow: readonly string[] = [origin]): Promise<unknown> {
  const endpoint = { url: `${origin}/answer`, headers: { authorization: 'Bearer x' } }
  const { pupil } = readTrainees({ pupil: endpoint }, { allow, answerWithinMs: 5_000 })
  const question: Omit<ScenarioQuestion, 'signal'> = {
    agent: 'pupil',
    session: 'trs_1',
    scenario: 'a',
    topic: 't',
    capability: 'c',
    task: 'Do it.',
    input: { n: 1 },
  }
  if (pupil === undefined) throw new Error('It was given.')
  return Promise.resolve(pupil({ ...question, signal: new AbortController().signal }))
}

describe('an agent behind an endpoint', () => {
  it('is sent the question and gives its answer [TRAIN-13]', async () => {
    answer = { status: 200, body: '{"answer":{"decision":"ask"}}' }
    expect(await ask()).toEqual({ decision: 'ask' })
    expect(seen.at(-1)).toMatchObject({
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      body: { agent: 'pupil', scenario: 'a', task: 'Do it.', input: { n: 1 } },
    })
  })

  it.each([
    [{ status: 500, body: '{"answer":1}' }, 'status 500'],
    [{ status: 302, body: '{"answer":1}' }, 'status 302'],
    [{ status: 200, body: 'hello' }, 'no JSON'],
    [{ status: 200, body: '{"reply":1}' }, 'no "answer"'],
    [{ status: 200, body: 'null' }, 'no "answer"'],
  ])('that answers %o has given no answer [TRAIN-13]', async (given, problem) => {
    answer = given
    await expect(ask()).rejects.toThrow(problem)
  })

  it('is called only where the host lets it [TRAIN-13]', () => {
    expect(() => ask([])).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
