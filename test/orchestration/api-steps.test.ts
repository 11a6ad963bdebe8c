import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { endpointAction, StepFault, type WorkflowStep } from '@preceptor/orchestration'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openWorkflowPlane, type WorkflowPlane } from './workflow-plane.ts'

const SECRET = 'canary-of-the-crm'
const HOUR_MS = 3_600_000

interface Call {
  readonly method: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

let plane: WorkflowPlane
let origin = ''
const calls: Call[] = []
let answer: (call: Call, response: ServerResponse) => void = () => undefined
const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const call = { method: request.method, headers: request.headers, body }
  calls.push(call)
  answer(call, response)
})
const sendJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  plane = await openWorkflowPlane({
    outbound: { allow: [origin] },
    settings: { deadlineMs: 20_000 },
    orchestration: {
      apiCalls: { secrets: { crm: { value: SECRET, origins: [origin] } } },
      actions: {
        'tax.review': endpointAction({ url: `${origin}/review`, risk: 'medium', idempotent: true }),
        'tax.wait': {
          risk: 'high',
          execute: () => {
            throw new StepFault('Come back later.', { isRetryable: true, retryAfterMs: HOUR_MS / 2 })
          },
        },
      },
    },
  })
  await plane.agent('worker-bot', 'autonomous')
})
beforeEach(() => {
  calls.length = 0
})
afterAll(async () => {
  await plane.governor.close()
  server.closeAllConnections()
  server.close()
})

const call = (method: 'GET' | 'PUT' | 'POST', more: Partial<WorkflowStep> = {}): WorkflowStep =>
  ({ id: 'call', type: 'api_call', method, url: `${origin}/customers`, ...more }) as WorkflowStep

/** Runs a workflow of one step until it ended; every wait is over in between. */
async function runOf(...steps: readonly WorkflowStep[]) {
  const run = await plane.start({ steps }, { name: 'Ana' })
  for (let look = 0; look < 20; look += 1) {
    plane.pass(2 * HOUR_MS)
    const found = await plane.after(run)
    if (found.endedAt !== null || found.steps.some(({ state }) => state === 'outcome_unknown')) return found
  }
  return plane.admin.runs.get(run)
}

describe('a step that calls an API', () => {
  it('sends what the run knows, with a secret that is in nothing that is kept', async () => {
    answer = ({ headers }, response) => sendJson(response, { id: 7, echo: headers.authorization })
    const headers = { authorization: { $secret: 'crm', prefix: 'Bearer ' }, 'x-name': { $cel: 'input.name' } }
    const body = { name: { $cel: 'input.name' } }
    const run = await runOf(call('POST', { headers, body }), {
      id: 'use',
      type: 'transform',
      value: { id: { $cel: 'steps.call.body.id' } },
    })
    expect(run).toMatchObject({ state: 'completed', output: { id: 7 } })
    expect(calls).toMatchObject([{ method: 'POST', body: '{"name":"Ana"}' }])
    expect(calls[0]?.headers).toMatchObject({ authorization: `Bearer ${SECRET}`, 'x-name': 'Ana' })
    expect(calls[0]?.headers['idempotency-key']).toMatch(/^wst_/)
    expect(run.steps[0]?.output).toMatchObject({ status: 200, body: { id: 7, echo: 'Bearer [redacted]' } })
    const { items } = await plane.scope('admin').journal.list({ limit: 100 })
    expect(items.length).toBeGreaterThan(0)
    expect(JSON.stringify([run, items])).not.toContain('canary')
  })

  it('is tried again where that does no harm, and each try is another attempt', async () => {
    answer = (_, response) => sendJson(response, {}, calls.length < 3 ? 500 : 200)
    const run = await runOf(call('PUT', { body: {} }))
    expect(run).toMatchObject({ state: 'completed', steps: [{ attempts: 3, state: 'succeeded' }] })
    expect(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  })

  it.each([
    ['nobody had begun with it', 503, 3],
    ['it may have been done', 500, 1],
    ['it was refused', 422, 1],
  ])('sends what cannot be repeated again only where %s', async (_, status, tries) => {
    answer = (_call, response) => sendJson(response, { title: 'No.' }, status)
    const run = await runOf(call('POST', { body: {} }))
    expect(run).toMatchObject({ state: 'failed', failure: { step: 'call', code: 'STEP_FAILED' } })
    expect(run.failure?.message).toContain(`was answered ${status}: {"title":"No."}`)
    expect(calls).toHaveLength(tries)
  })

  it('leaves it to people what became of a request that got no answer', async () => {
    answer = (_, response) => void response.destroy()
    const run = await runOf(call('POST', { body: {} }))
    expect(run.steps).toMatchObject([{ state: 'outcome_unknown' }])
    expect(calls).toHaveLength(1)
  })

  it('goes nowhere but where the host allows it', async () => {
    const run = await runOf(call('GET', { url: 'http://127.0.0.1:1/' } as Partial<WorkflowStep>))
    expect(run).toMatchObject({ state: 'failed', steps: [{ attempts: 1 }] })
    expect(run.failure?.message).toContain('nothing was sent')
  })
})

describe('a step of an agent', () => {
  it('behind HTTP is told its args, and gives the output', async () => {
    answer = (_, response) => sendJson(response, { output: { score: 3 } })
    const run = await runOf({
      id: 'review',
      type: 'agent',
      action: 'tax.review',
      args: { client: { $cel: 'input.name' } },
    })
    expect(run).toMatchObject({ state: 'completed', output: { score: 3 } })
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ args: { client: 'Ana' }, attempt: 1 })
  })

  it('waits as long as its executor says', async () => {
    const run = await plane.start({ steps: [{ id: 'wait', type: 'agent', action: 'tax.wait' }] })
    plane.pass(60_000)
    await plane.work()
    const [step] = (await plane.admin.runs.get(run)).steps
    expect(step).toMatchObject({ state: 'pending', attempts: 1 })
    const ahead = Date.parse(step?.dueAt ?? '') - Date.parse(step?.startedAt ?? '')
    expect(ahead).toBeGreaterThanOrEqual(HOUR_MS / 2)
  })
})
