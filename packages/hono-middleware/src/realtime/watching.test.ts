import type { ControlScope, GuardResult } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type ConnectOptions, connectSocket, serveSockets } from './sockets.test.helper.ts'

const LEASE_MS = 1_500

let test: TestGovernor
let server: Awaited<ReturnType<typeof serveSockets>>
let sam: ControlScope
const clients: Client[] = []
const keys: Record<string, string> = {}
let runs = 0

beforeAll(async () => {
  test = await createTestGovernor({ settings: { supervisorLeaseMs: LEASE_MS, attachWithinMs: 400 } })
  server = await serveSockets(test.governor, { renewMs: LEASE_MS / 5 })
  await test.register('bot', 'supervised')
  const host = test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
  for (const id of ['sam', 'kim']) {
    await test.admin.members.put(id, { displayName: id, roles: ['supervisor'] })
    const request = { displayName: id, principalKind: 'user', principalId: id, roles: ['supervisor'] } as const
    keys[id] = (await host.keys.create(request)).secret
  }
  sam = test.user('sam', 'supervisor')
})
afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.terminate()
})
afterAll(async () => {
  await server?.close()
  await test?.close()
})

async function connect(options: Partial<ConnectOptions> = {}): Promise<Client> {
  const client = await connectSocket({ at: server.address, key: keys.sam, ...options })
  clients.push(client)
  return client
}

interface Watched {
  readonly id: string
  step(work: () => void): Promise<GuardResult<unknown>>
  leaseLeft(): Promise<number>
}

/** A run whose session Sam has just attached to. */
async function attached(): Promise<Watched> {
  runs += 1
  const run = `run-${runs}`
  const step: Watched['step'] = (work) =>
    test.agent('bot').guard({ agent: 'bot', action: 'refund.create', args: {}, run }, work)
  await sam.presence.heartbeat()
  const first = step(() => undefined)
  const find = async () => (await sam.sessions.list({ state: 'active' })).items.find((one) => one.run === run)
  await expect.poll(find).toBeDefined()
  const id = (await find())?.id ?? ''
  await sam.sessions.attach(id)
  expect((await first).status).toBe('executed')
  return {
    id,
    step,
    leaseLeft: async () => Date.parse((await sam.sessions.get(id)).supervisorLeaseExpiresAt ?? '') - Date.now(),
  }
}

async function watch(client: Client, session: string): Promise<void> {
  client.send({ type: 'watch', topic: `session:${session}` })
  await expect.poll(() => client.of('watching').length).toBeGreaterThan(0)
}

async function lapsed(session: Watched): Promise<void> {
  await expect.poll(session.leaseLeft, { timeout: 5 * LEASE_MS, interval: 100 }).toBeLessThan(0)
}

describe('watching a session over a socket', () => {
  it('holds the lease for as long as the socket lives, and no step begins once it is gone [WS-6, I-17]', async () => {
    const session = await attached()
    const client = await connect()
    await watch(client, session.id)
    const leases = () => client.of('watching').map(({ data }) => Date.parse(data.leaseExpiresAt))
    const held = () => (leases().at(-1) ?? 0) - (leases()[0] ?? 0)
    await expect.poll(held, { timeout: 5 * LEASE_MS }).toBeGreaterThan(LEASE_MS)
    expect(await session.leaseLeft()).toBeGreaterThan(0)
    let ran = 0
    const count = (): void => {
      ran += 1
    }
    expect((await session.step(count)).status).toBe('executed')
    client.socket.terminate()
    await lapsed(session)
    const after = await session.step(count)
    expect([after.status, ran]).toEqual(['withheld', 1])
  }, 20_000)

  it('ends while the connection only looks open: nothing is renewed without a sign of life [WS-6, I-17]', async () => {
    const session = await attached()
    const client = await connect({ autoPong: false })
    await watch(client, session.id)
    await lapsed(session)
    expect(client.socket.readyState).toBe(1)
    client.send({ type: 'ping' })
    await expect.poll(() => client.of('unwatched')[0]?.data.code).toBe('CONFLICT')
    expect((await session.step(() => undefined)).status).toBe('withheld')
  }, 20_000)

  it('is for who holds it, over its own socket, too, until it is told otherwise [WS-6, I-36]', async () => {
    const session = await attached()
    const kim = await connect({ key: keys.kim })
    kim.send({ type: 'watch', topic: `session:${session.id}` })
    kim.send({ type: 'watch', topic: 'session:ses_none' })
    kim.send({ type: 'watch', topic: 'agent:bot' })
    const codes = () => [...kim.of('unwatched'), ...kim.of('error')].map(({ data }) => data.code)
    await expect.poll(() => codes().toSorted()).toEqual(['CONFLICT', 'INPUT_INVALID', 'NOT_FOUND'])
    const own = await connect({ path: `/api/supervision/sessions/${session.id}/ws` })
    own.send({ type: 'watch', topic: 'session:ses_none' })
    await expect.poll(() => own.of('error').map(({ data }) => data.code)).toEqual(['INPUT_INVALID'])
    await watch(own, session.id)
    own.send({ type: 'unwatch', topic: `session:${session.id}` })
    await lapsed(session)
  }, 20_000)
})
