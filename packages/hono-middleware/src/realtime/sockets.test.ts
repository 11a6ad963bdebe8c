import type { ApiKeyRequest, GuardCall, HostScope } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { socketHubOf } from './socket-hub.ts'
import type { SocketSettings } from './socket-settings.ts'
import { type Client, type ConnectOptions, connectSocket, follow, serveSockets } from './sockets.test.helper.ts'

const servers: { close(): Promise<void> }[] = []
const clients: WebSocket[] = []
const keys: Record<string, string> = {}
let test: TestGovernor
let address = ''

const hostOf = (workspace: string): HostScope =>
  test.governor.as({ workspace, principal: { kind: 'system', id: 'host', roles: [] } })
const make = async (workspace: string, request: Omit<ApiKeyRequest, 'displayName'>): Promise<string> =>
  (await hostOf(workspace).keys.create({ displayName: 'test', ...request })).secret

beforeAll(async () => {
  test = await createTestGovernor({ workspaces: ['default', 'other'] })
  address = await open(test, { heartbeatMs: 300 })
  for (const [id, role] of [
    ['ada', 'admin'],
    ['sue', 'supervisor'],
    ['vic', 'viewer'],
  ] as const) {
    await test.admin.members.put(id, { displayName: id, roles: [role] })
    keys[id] = await make('default', { principalKind: 'user', principalId: id, roles: [role] })
  }
  await hostOf('other').members.put('oda', { displayName: 'Oda', roles: ['admin'] })
  keys.oda = await make('other', { principalKind: 'user', principalId: 'oda', roles: ['admin'] })
  for (const id of ['bot', 'peer']) await test.register(id, 'intern')
  await test.register('helper', 'supervised')
  keys.bot = await make('default', { principalKind: 'agent', principalId: 'bot' })
})
afterEach(() => {
  for (const client of clients.splice(0)) client.terminate()
})
afterAll(async () => {
  for (const server of servers) await server.close()
  await test?.close()
})

async function open({ governor }: TestGovernor, settings: Partial<SocketSettings> = {}): Promise<string> {
  const server = await serveSockets(governor, settings)
  servers.push(server)
  return server.address
}

async function connect(options: Partial<ConnectOptions>): Promise<Client> {
  const client = await connectSocket({ at: address, ...options })
  clients.push(client.socket)
  return client
}

const change = (id: string, displayName: string) => test.admin.agents.change(id, { displayName })

describe('a socket', () => {
  it('follows topics in order, from now on or from a sequence, and no longer than asked [WS-1, I-21]', async () => {
    const client = await connect({ key: keys.ada })
    const { sequence = -1 } = await follow(client, 'agent:bot')
    for (const name of ['1', '2', '3']) await change('bot', name)
    await change('peer', 'not on this topic')
    await expect.poll(() => client.of('agent.changed')).toHaveLength(3)
    const events = client.of('agent.changed')
    expect(new Set(events.map(({ topic }) => topic))).toEqual(new Set(['agent:bot']))
    expect(events.map(({ data }) => data.sequence)).toEqual(events.map((event) => event.sequence))
    const again = await connect({ key: keys.ada, path: '/ws' })
    await follow(again, 'agent:bot', sequence)
    await expect.poll(() => again.of('agent.changed')).toEqual(events)
    client.send({ type: 'unsubscribe', topic: 'agent:bot' })
    client.send({ type: 'ping', data: 1 })
    await expect.poll(() => client.of('pong')).toEqual([{ type: 'pong', data: 1 }])
    await change('bot', '4')
    await expect.poll(() => again.of('agent.changed')).toHaveLength(4)
    expect(client.of('agent.changed')).toHaveLength(3)
  })

  it('refuses what is no frame, a topic that is none, and one that it follows [WS-1]', async () => {
    const client = await connect({ key: keys.ada })
    for (const frame of ['', 'x', '{}', { type: 'broadcast', data: 1 }, { type: 'ping', more: 1 }]) client.send(frame)
    await expect.poll(() => client.of('error')).toHaveLength(5)
    for (const topic of ['x', 'workflow:', 'agent:', 'constructor']) {
      expect((await follow(client, topic)).data.code).toBe('INPUT_INVALID')
    }
    expect((await follow(client, 'workspace', 999_999)).data.code).toBe('INPUT_INVALID')
    const other = await connect({ key: keys.ada })
    await follow(other, 'workspace')
    other.send({ type: 'subscribe', topic: 'workspace' })
    await expect.poll(() => other.of('error')[0]?.data.code).toBe('CONFLICT')
    other.send('x'.repeat(5_000))
    expect(await other.closed).toBe(1009)
  })

  it('is opened with a credential or a ticket, by no page of another origin [WS-2, I-35, I-37]', async () => {
    await expect(connect({})).rejects.toThrow('401')
    await expect(connect({ key: 'pcp_aaaaaaaa_x' })).rejects.toThrow('401')
    await expect(connect({ key: keys.ada, headers: { origin: 'https://evil.example' } })).rejects.toThrow('403')
    await connect({ key: keys.ada, headers: { origin: `http://${address}` } })
    const { ticket } = await test.governor
      .as(await test.governor.authenticate(keys.ada ?? ''))
      .streamTickets.create({ path: '/ws' })
    const path = `/ws?ticket=${ticket}`
    expect((await follow(await connect({ path }), 'workspace')).type).toBe('subscribed')
    await expect(connect({ path })).rejects.toThrow('401')
  })

  it('lets each hear what it may read [WS-2, I-36, I-34]', async () => {
    const proposed = await test.agent('bot').decide({ agent: 'bot', action: 'refund.create', args: { note: 'plum' } })
    const proposal = proposed.route === 'proposal' ? `proposal:${proposed.proposal.id}` : ''
    const topics = ['workspace', 'agent:bot', 'agent:peer', proposal, 'user:ada', 'user:sue', 'session:ses_none']
    const heard = async (name: string): Promise<unknown[]> => {
      const client = await connect({ key: keys[name] })
      const answers: unknown[] = []
      for (const topic of topics) {
        const { type, data } = await follow(client, topic)
        answers.push(type === 'error' ? data.code : type)
      }
      return answers
    }
    const [yes, no, none] = ['subscribed', 'PERMISSION_DENIED', 'NOT_FOUND']
    expect(await heard('ada')).toEqual([yes, yes, yes, yes, yes, yes, none])
    expect(await heard('sue')).toEqual([yes, yes, yes, yes, no, yes, none])
    expect(await heard('vic')).toEqual([yes, yes, yes, yes, no, no, no])
    expect(await heard('bot')).toEqual([yes, yes, no, yes, no, no, no])
    expect(await heard('oda')).toEqual([yes, none, none, none, yes, yes, none])
    const viewer = await connect({ key: keys.vic })
    await follow(viewer, 'workspace', 0)
    await expect.poll(() => viewer.of('proposal.created').length).toBeGreaterThan(0)
    expect(JSON.stringify(viewer.frames)).not.toContain('plum')
    const foreign = await connect({ key: keys.oda })
    await follow(foreign, 'workspace', 0)
    await expect.poll(() => foreign.frames.length).toBeGreaterThan(1)
    expect(JSON.stringify(foreign.frames)).not.toContain('bot')
  })

  it('tells each who may decide of a request for approval [WS-2]', async () => {
    const [sue, other] = [await connect({ key: keys.sue }), await connect({ key: keys.ada })]
    await follow(sue, 'user:sue')
    await follow(other, 'user:vic')
    await test.agent('bot').decide({ agent: 'bot', action: 'refund.create', args: { cents: 1 } })
    await expect.poll(() => sue.of('proposal.created')).toHaveLength(1)
    expect(other.of('proposal.created')).toEqual([])
  })

  it('closes within 5 s after the credential was revoked [WS-2, I-35]', async () => {
    const created = await test.admin.keys.create({
      displayName: 'short',
      principalKind: 'user',
      principalId: 'sue',
      roles: ['supervisor'],
    })
    const client = await connect({ key: created.secret })
    await follow(client, 'workspace')
    const since = performance.now()
    await test.admin.keys.revoke(created.key.id)
    expect(await client.closed).toBe(4401)
    expect(performance.now() - since).toBeLessThan(5_000)
  }, 15_000)

  it('shows who looks at a proposal, and that its content changed [WS-4]', async () => {
    const decided = await test.agent('bot').decide({ agent: 'bot', action: 'refund.create', args: { cents: 2 } })
    const id = decided.route === 'proposal' ? decided.proposal.id : ''
    const topic = `proposal:${id}`
    const ada = await connect({ key: keys.ada })
    expect((await follow(ada, topic)).data).toEqual({ viewers: ['ada'] })
    const sue = await connect({ key: keys.sue })
    expect((await follow(sue, topic)).data).toEqual({ viewers: ['ada', 'sue'] })
    const joined = (client: Client) => client.of('viewer.joined').map(({ data }) => data.body.actor)
    await expect.poll(() => joined(ada)).toContain('user:sue')
    const card = await test.user('sue', 'supervisor').proposals.card(id)
    const { version, actionHash } = card.proposal
    const edited = { version, actionHash, args: { cents: 1 }, reason: 'Less.' }
    await test.user('sue', 'supervisor').proposals.approve(id, edited)
    await expect.poll(() => ada.of('content.changed')).toHaveLength(1)
    sue.socket.close()
    await expect.poll(() => ada.of('viewer.left').map(({ data }) => data.body.actor)).toEqual(['user:sue'])
  })

  it('counts what it does, for those who supervise [WS-1]', async () => {
    const client = await connect({ key: keys.ada })
    await follow(client, 'workspace')
    const stats = async (path: string, name: string) => {
      const response = await fetch(`http://${address}${path}`, { headers: { authorization: `Bearer ${keys[name]}` } })
      return [response.status, JSON.parse(await response.text())]
    }
    for (const path of ['/ws/stats', '/api/ws/stats']) {
      const [status, body] = await stats(path, 'ada')
      expect([status, body.connections >= 1, body.subscriptions >= 1]).toEqual([200, true, true])
    }
    expect((await stats('/ws/stats', 'oda'))[1]).toMatchObject({ connections: 0, subscriptions: 0 })
    expect((await stats('/ws/stats', 'bot'))[0]).toBe(403)
    const plain = await fetch(`http://${address}/ws`, { headers: { authorization: `Bearer ${keys.ada}` } })
    expect(plain.status).toBe(400)
  })
})

describe('a peer', () => {
  it('is given up when it shows no sign of life, and kept when it does [WS-3]', async () => {
    const key = keys.ada
    const [alive, dead] = [await connect({ key }), await connect({ key, autoPong: false })]
    expect(await dead.closed).toBe(4408)
    expect(dead.of('heartbeat').length).toBeGreaterThanOrEqual(2)
    await expect.poll(() => alive.of('heartbeat').length, { timeout: 5_000 }).toBeGreaterThan(4)
    expect(alive.socket.readyState).toBe(WebSocket.OPEN)
    expect(socketHubOf(test.governor).stats('default').closedSilent).toBe(1)
  })
})

describe('a bounded socket', () => {
  let other: TestGovernor
  let at = ''
  let key = ''
  let session = ''
  let end = async (): Promise<void> => undefined
  let call: GuardCall | undefined

  beforeAll(async () => {
    other = await createTestGovernor()
    at = await open(other, { mostWaitingBytes: 65_536 })
    await other.admin.members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
    const host = other.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
    const request = { displayName: 'sam', principalKind: 'user', principalId: 'sam', roles: ['supervisor'] } as const
    key = (await host.keys.create(request)).secret
    await other.register('helper', 'supervised')
    const sam = other.user('sam', 'supervisor')
    await sam.presence.heartbeat()
    let go = (): void => undefined
    let began = (_: GuardCall): void => undefined
    const called = new Promise<GuardCall>((resolve) => {
      began = resolve
    })
    const agent = other.agent('helper')
    const step = agent.guard(
      { agent: 'helper', action: 'refund.create', args: {}, run: 'r' },
      (given) =>
        new Promise<void>((resolve) => {
          go = resolve
          began(given)
        }),
    )
    const find = async () => (await sam.sessions.list({ state: 'active' })).items[0]?.id
    await vi.waitFor(async () => expect(await find()).toBeDefined(), { timeout: 5_000 })
    session = (await find()) ?? ''
    await sam.sessions.attach(session)
    call = await called
    end = async () => {
      go()
      await step
      await agent.finish('r', { agent: 'helper', status: 'completed' })
    }
  })
  afterAll(() => other?.close())

  it('closes for a reader that takes nothing, and holds little for it [WS-3]', async () => {
    const text = 'x'.repeat(8_000)
    const said = Array.from({ length: 100 }, () => ({ kind: 'output', text }) as const)
    const slow = await connect({ key, at })
    slow.socket.pause()
    slow.send({ type: 'subscribe', topic: `session:${session}`, data: { after: 0 } })
    for (let round = 0; round < 12; round += 1) await Promise.all(said.map((one) => call?.emit(one)))
    await expect.poll(() => socketHubOf(other.governor).stats('default').closedSlow, { timeout: 5_000 }).toBe(1)
    slow.socket.resume()
    await slow.closed
  }, 30_000)

  it('of one session follows it to its end, and closes with it [WS-1, I-16]', async () => {
    const path = `/api/supervision/sessions/${session}/ws`
    await expect(connect({ key, at, path: '/api/supervision/sessions/ses_none/ws' })).rejects.toThrow('404')
    const client = await connect({ key, at, path: `${path}?after=2` })
    client.send({ type: 'subscribe', topic: 'workspace' })
    await expect.poll(() => client.of('error')[0]?.data.code).toBe('INPUT_INVALID')
    await end()
    expect(await client.closed).toBe(1000)
    const sequences = client.frames.flatMap(({ type, sequence }) =>
      ['subscribed', 'error', 'heartbeat'].includes(type) || sequence === undefined ? [] : [sequence],
    )
    expect(sequences).toEqual(sequences.map((_, index) => index + 3))
    expect(client.frames.slice(-2).map(({ type }) => type)).toEqual(['supervision_session.completed', 'ended'])
  })
})
