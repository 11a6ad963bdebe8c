import type { ServerType } from '@hono/node-server'
import {
  type ControlPlane,
  type ControlScope,
  connectGovernor,
  type GuardCall,
  type SessionEvent,
} from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import { Hono } from 'hono'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { addressOf, close, listen } from './server.ts'

const SECRET = 'sk-live-4242424242424242424242'

describeWithPostgres('the stream of a session, in another process than its run', () => {
  let database: TestDatabase
  let runs: EmbeddedGovernor
  let serves: EmbeddedGovernor
  let server: ServerType
  let address = ''
  let admin: ControlScope
  let sam: ControlScope
  let remote: ControlPlane
  const keys: Record<string, string> = {}
  const open: AbortController[] = []

  beforeAll(async () => {
    database = await createTestDatabase({
      name: 'streams',
      prepare: async (url) => (await createGovernor({ database: url, migrate: true, report: () => undefined })).close(),
    })
    const options = { database: database.url, workspaces: ['default', 'other'], report: () => undefined }
    runs = await createGovernor({ ...options, actions: { 'wire.send': { risk: 'high' } } })
    serves = await createGovernor(options)
    server = await listen(new Hono().route('/api', governanceApi(serves)))
    address = `${addressOf(server)}/api`
    const host = (workspace: string): ControlScope =>
      runs.as({ workspace, principal: { kind: 'system', id: 'host', roles: [] } })
    admin = runs.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
    sam = runs.as({ workspace: 'default', principal: { kind: 'user', id: 'sam', roles: ['supervisor'] } })
    await admin.agents.register({ id: 'bot', maturity: 'supervised', ownerId: 'system' })
    await host('default').members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
    await host('default').members.put('vic', { displayName: 'Vic', roles: ['viewer'] })
    await host('other').members.put('oda', { displayName: 'Oda', roles: ['admin'] })
    const key = async (workspace: string, principalId: string, role?: 'supervisor' | 'viewer' | 'admin') => {
      const principalKind = role === undefined ? 'agent' : 'user'
      const request = { displayName: principalId, principalKind, principalId, ...(role && { roles: [role] }) } as const
      return (await host(workspace).keys.create(request)).secret
    }
    keys.sam = await key('default', 'sam', 'supervisor')
    keys.vic = await key('default', 'vic', 'viewer')
    keys.bot = await key('default', 'bot')
    keys.oda = await key('other', 'oda', 'admin')
    remote = connectGovernor({ url: address, token: keys.sam })
  }, 30_000)
  afterEach(() => {
    for (const controller of open.splice(0)) controller.abort()
  })
  afterAll(async () => {
    await remote?.close()
    await close(server)
    await Promise.all([runs?.close(), serves?.close()])
    await database?.drop()
  })

  const scope = () => remote.as({ workspace: 'default', principal: { kind: 'user', id: 'sam', roles: ['supervisor'] } })

  interface Supervised {
    readonly id: string
    /** What the run may do while it is watched. */
    readonly call: GuardCall
    readonly end: () => Promise<void>
  }

  /** A run under way, watched by Sam. */
  async function supervised(): Promise<Supervised> {
    const run = crypto.randomUUID()
    const agent = runs.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
    await sam.presence.heartbeat()
    let go = (): void => undefined
    let began = (_call: GuardCall): void => undefined
    const called = new Promise<GuardCall>((resolve) => {
      began = resolve
    })
    const step = agent.guard(
      { agent: 'bot', action: 'wire.send', args: {}, run },
      (call) =>
        new Promise<void>((resolve) => {
          go = resolve
          began(call)
        }),
    )
    const find = async () => (await sam.sessions.list({ state: 'active' })).items.find((one) => one.run === run)
    await expect.poll(find).toBeDefined()
    const id = (await find())?.id ?? ''
    await sam.sessions.attach(id)
    const call = await called
    const end = async (): Promise<void> => {
      go()
      await step
      await agent.finish(run, { agent: 'bot', status: 'completed' })
    }
    return { id, call, end }
  }

  async function request(id: string, key: string | undefined, headers: Readonly<Record<string, string>> = {}) {
    const controller = new AbortController()
    open.push(controller)
    const response = await fetch(`${address}/supervision/sessions/${id}/stream`, {
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: controller.signal,
    })
    return response
  }

  /** What a stream says, to its end. */
  async function idsOf(response: Response): Promise<readonly number[]> {
    return [...(await response.text()).matchAll(/id: (\d+)\nevent: \S+\ndata: .+\n\n/g)].map(([, id]) => Number(id))
  }

  function collect(events: AsyncIterable<SessionEvent>): {
    readonly seen: SessionEvent[]
    readonly ended: Promise<void>
  } {
    const seen: SessionEvent[] = []
    const read = async (): Promise<void> => {
      for await (const event of events) seen.push(event)
    }
    return { seen, ended: read() }
  }

  it('brings what the run says as it says it, without secrets, and ends with the session [SSE-1, I-16, I-21]', async () => {
    const { id, call, end } = await supervised()
    const afar = collect(scope().sessions.follow(id))
    const near = collect(serves.as(identityOf('sam')).sessions.follow(id))
    await expect.poll(() => afar.seen.length).toBeGreaterThan(0)
    const since = performance.now()
    await call.emit({ kind: 'log', level: 'info', message: `key ${SECRET}` })
    await expect.poll(() => afar.seen.some(({ kind }) => kind === 'log'), { interval: 10 }).toBe(true)
    expect(performance.now() - since).toBeLessThan(2_000)
    for (let value = 1; value <= 5; value += 1) await call.emit({ kind: 'progress', value: value / 5 })
    await end()
    await Promise.all([afar.ended, near.ended])
    expect(JSON.stringify(afar.seen)).not.toContain(SECRET)
    const { items } = await sam.sessions.events(id, { limit: 500 })
    expect(afar.seen).toEqual(items)
    expect(near.seen).toEqual(items)
    expect(items.map(({ sequence }) => sequence)).toEqual(items.map((_, index) => index + 1))
    expect(items.at(-1)?.kind).toBe('supervision_session.completed')
  })

  it('goes on after Last-Event-ID without a gap, and is not begun anew once it is over [SSE-1, HTTP-10, I-21]', async () => {
    const { id, call, end } = await supervised()
    const cut = await request(id, keys.sam)
    const reader = cut.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('id: 2\nevent')) text += (await reader?.read())?.value ?? ''
    await reader?.cancel()
    for (let value = 1; value <= 150; value += 1) await call.emit({ kind: 'progress', value: value / 150 })
    const resumed = idsOf(await request(id, keys.sam, { 'last-event-id': '2' }))
    await end()
    const last = (await sam.sessions.events(id, { after: 100, limit: 500 })).items.at(-1)?.sequence ?? 0
    expect(await resumed).toEqual(Array.from({ length: last - 2 }, (_, index) => index + 3))
    const over = await request(id, keys.sam, { 'last-event-id': String(last) })
    expect([over.status, await over.text()]).toEqual([204, ''])
    const after = collect(scope().sessions.follow(id, { after: last }))
    await after.ended
    expect(after.seen).toEqual([])
    const beyond = await request(id, keys.sam, { 'last-event-id': String(last + 1) })
    expect([beyond.status, await codeOf(beyond)]).toEqual([400, 'INPUT_INVALID'])
  })

  it('is for those who may watch: no agent, no viewer, nobody of another workspace [SSE-2, I-34, I-36]', async () => {
    const { id, end } = await supervised()
    const codes = async (name: string) => {
      const response = await request(id, keys[name])
      return [response.status, await codeOf(response)]
    }
    expect(await codes('bot')).toEqual([403, 'PERMISSION_DENIED'])
    expect(await codes('vic')).toEqual([403, 'PERMISSION_DENIED'])
    expect(await codes('oda')).toEqual([404, 'NOT_FOUND'])
    const afar = connectGovernor({ url: address, token: keys.oda ?? '' })
    const other = afar.as({ workspace: 'other', principal: { kind: 'user', id: 'oda', roles: ['admin'] } })
    await expect(collect(other.sessions.follow(id)).ended).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await afar.close()
    await end()
  })

  it('ends when the reader does, or the governor closes [SSE-1]', async () => {
    const { id, end } = await supervised()
    const controller = new AbortController()
    const { seen, ended } = collect(scope().sessions.follow(id, { signal: controller.signal }))
    await expect.poll(() => seen.length).toBeGreaterThan(0)
    controller.abort()
    await ended
    const third = await createGovernor({ database: database.url, report: () => undefined })
    const near = collect(third.as(identityOf('sam')).sessions.follow(id))
    await expect.poll(() => near.seen.length).toBeGreaterThan(0)
    await Promise.all([third.close(), expect(near.ended).rejects.toMatchObject({ code: 'GOVERNOR_CLOSED' })])
    await end()
  })

  it(verifies(['I-35', 'I-35-STREAM'], 'ends within 5 s after the credential was revoked'), async () => {
    const { id, end } = await supervised()
    const created = await admin.keys.create({
      displayName: 'short',
      principalKind: 'user',
      principalId: 'sam',
      roles: ['supervisor'],
    })
    const stream = await request(id, created.secret)
    const text = stream.text()
    const since = performance.now()
    await admin.keys.revoke(created.key.id)
    await text
    expect(performance.now() - since).toBeLessThan(5_000)
    await end()
  }, 15_000)
})

async function codeOf(response: Response): Promise<unknown> {
  return JSON.parse(await response.text()).code
}

function identityOf(id: string) {
  return { workspace: 'default', principal: { kind: 'user', id, roles: ['supervisor'] } } as const
}
