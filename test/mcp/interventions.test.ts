import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { connectPerson, type Person } from './person-client.ts'
import { type ServedEndpoint, serveEndpoint } from './support.ts'

let test: TestGovernor
let served: ServedEndpoint
let unasked: ServedEndpoint
const clients: Client[] = []

beforeAll(async () => {
  test = await createTestGovernor({ settings: { deadlineMs: 20_000 } })
  await test.admin.members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
  for (const agent of ['driver', 'pilot', 'rider']) await test.register(agent, 'supervised')
  served = await serveEndpoint(test.governor, { allowDecisions: true })
  unasked = await serveEndpoint(test.governor)
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
})
afterAll(async () => {
  await served.close()
  await unasked.close()
  await test.close()
})

/** The client of sam, a supervisor, who answers what is asked so. */
async function samAt({ url }: ServedEndpoint, answer?: NonNullable<Person['answer']>): Promise<Client> {
  const client = await connectPerson(test, url, { capabilities: { elicitation: {} }, ...(answer && { answer }) })
  clients.push(client)
  return client
}

interface WatchedRun {
  readonly session: string
  /** How it ended. */
  readonly ended: Promise<string>
  /** Lets the run end, and gives how it did. */
  readonly end: () => Promise<string>
}

/** A run that sam watches, in the middle of its step. */
async function watchedRun(agent: string): Promise<WatchedRun> {
  const sam = test.user('sam', 'supervisor')
  await sam.presence.heartbeat()
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  let began = false
  const running = test
    .agent(agent)
    .guard({ agent, action: 'refund.create', args: { cents: 5 } }, async ({ signal }) => {
      began = true
      await Promise.race([
        held,
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      ])
      return 'done'
    })
  const ended = running.then(
    ({ status }) => status,
    () => 'aborted',
  )
  const mine = async () => (await sam.sessions.list({ state: 'active' })).items.find((one) => one.agent === agent)
  await expect.poll(mine).toBeDefined()
  const session = (await mine())?.id ?? ''
  await sam.sessions.attach(session)
  await expect.poll(() => began).toBe(true)
  return {
    session,
    ended,
    end: () => {
      release()
      return ended
    },
  }
}

const intervene = (client: Client, id: string) => client.callTool({ name: 'intervene_session', arguments: { id } })
const namesOf = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name)

describe(verifies('MCP-6', 'the intervention of a person at a client'), () => {
  it('is there only where decisions at the client are allowed', async () => {
    const decisions = ['intervene_session', 'review_proposal']
    expect((await namesOf(await samAt(served))).filter((name) => decisions.includes(name)).sort()).toEqual(decisions)
    expect((await namesOf(await samAt(unasked))).filter((name) => decisions.includes(name))).toEqual([])
  })

  it('ends the run, with the reason of the person, and offers nothing that lets a grave one go on', async () => {
    const run = await watchedRun('driver')
    const asked: Record<string, unknown>[] = []
    const client = await samAt(served, (params) => {
      asked.push(params)
      return { action: 'accept', content: { intervention: 'terminate', text: 'Too much.' } }
    })
    const { structuredContent } = await intervene(client, run.session)
    expect(structuredContent).toMatchObject({ outcome: 'decided', session: { state: 'terminated' } })
    expect(asked[0]?.message).toContain('driver is running with refund.create.')
    expect(asked[0]?.message).toContain('Step refund.create (high risk), started: {"cents":5}')
    expect(JSON.stringify(asked[0]?.requestedSchema)).toContain('"enum":["pause","terminate"]')
    expect(await run.ended).toBe('aborted')
    const { interventions } = await test.admin.sessions.get(run.session)
    expect(interventions).toMatchObject([{ type: 'terminate', reason: 'Too much.', requestedBy: 'user:sam' }])
    expect((await intervene(client, run.session)).structuredContent).toMatchObject({ outcome: 'left' })
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['lets a grave run go on', { intervention: 'correct', text: 'Go on.' }],
    ['gives no reason', { intervention: 'terminate' }],
    ['is none', { intervention: 'promote' }],
  ])('is refused where it %s', async (_, content) => {
    const run = await watchedRun('pilot')
    const client = await samAt(served, () => ({ action: 'accept', content }))
    expect(await intervene(client, run.session)).toMatchObject({ isError: true })
    expect((await test.admin.sessions.get(run.session)).interventions).toEqual([])
    expect(await run.end()).toBe('executed')
  })

  it('does nothing where the person leaves it', async () => {
    const run = await watchedRun('rider')
    const { structuredContent } = await intervene(await samAt(served), run.session)
    expect(structuredContent).toMatchObject({ outcome: 'left', session: { state: 'running' } })
    expect(await run.end()).toBe('executed')
  })
})
