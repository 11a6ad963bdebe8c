import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve, upgradeWebSocket, type WebSocketServerLike } from '@hono/node-server'
import {
  type ApiKeyRequest,
  connectSocket,
  type GovernorSocket,
  type GuardCall,
  type SessionEvent,
  type SocketConnectOptions,
} from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

const TIMING = { firstWaitMs: 10, lastWaitMs: 50 }

let test: TestGovernor
let served: Awaited<ReturnType<typeof open>>
const keys: Record<string, string> = {}
const sockets: GovernorSocket[] = []
let messages = 0

/** One that counts what comes. */
class CountedSocket extends WebSocket {
  constructor(address: string) {
    super(address)
    this.on('message', () => {
      messages += 1
    })
  }
}

beforeAll(async () => {
  test = await createTestGovernor()
  served = await open(test)
  const host = test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
  const make = async (request: Omit<ApiKeyRequest, 'displayName'>) =>
    (await host.keys.create({ displayName: 'test', ...request })).secret
  for (const [id, role] of [
    ['ada', 'admin'],
    ['sam', 'supervisor'],
    ['kim', 'supervisor'],
  ] as const) {
    await test.admin.members.put(id, { displayName: id, roles: [role] })
    keys[id] = await make({ principalKind: 'user', principalId: id, roles: [role] })
  }
  await test.register('bot', 'intern')
  await test.register('helper', 'supervised')
  keys.bot = await make({ principalKind: 'agent', principalId: 'bot' })
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})
afterAll(async () => {
  await served?.close()
  await test?.close()
})

async function open({ governor }: TestGovernor) {
  const app = new Hono().route('/api', governanceApi(governor, { upgradeWebSocket }))
  const server = new WebSocketServer({ noServer: true })
  const websocket = { server: server as WebSocketServerLike }
  const http = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, websocket })
  await once(http, 'listening')
  const cut = (): void => {
    for (const socket of server.clients) socket.terminate()
  }
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/api`,
    cut,
    get connections() {
      return server.clients.size
    },
    close: () => {
      cut()
      return new Promise((resolve) => http.close(resolve))
    },
  }
}

function connect(name: string, options: Partial<SocketConnectOptions> = {}): GovernorSocket {
  const made = { url: served.url, token: keys[name] ?? '', WebSocket: CountedSocket, timing: TIMING, ...options }
  const socket = connectSocket(made)
  sockets.push(socket)
  return socket
}

/** A run under way whose session Sam has attached to. */
async function supervised() {
  const run = crypto.randomUUID()
  const sam = test.user('sam', 'supervisor')
  await sam.presence.heartbeat()
  let go = (): void => undefined
  const agent = test.agent('helper')
  let began = (_: GuardCall): void => undefined
  const call = new Promise<GuardCall>((resolve) => {
    began = resolve
  })
  const step = agent.guard({ agent: 'helper', action: 'refund.create', args: {}, run }, (given) => {
    began(given)
    return new Promise<void>((resolve) => {
      go = resolve
    })
  })
  const find = async () => (await sam.sessions.list({ state: 'active' })).items.find((one) => one.run === run)
  await expect.poll(find).toBeDefined()
  const id = (await find())?.id ?? ''
  await sam.sessions.attach(id)
  const { emit } = await call
  return {
    id,
    say: async (text: string) => emit({ kind: 'output', text }),
    async end() {
      go()
      await step
      await agent.finish(run, { agent: 'helper', status: 'completed' })
    },
  }
}

describe('a socket of a client', () => {
  it('goes on where it was, however often it is cut [WS-7, I-21]', async () => {
    const socket = connect('ada')
    const events = await socket.subscribe('agent:bot')
    const from = events.position
    const seen: number[] = []
    const reading = (async () => {
      for await (const { kind, sequence } of events) {
        if (kind === 'agent.changed') seen.push(sequence ?? 0)
        if (seen.length === 60) return
      }
    })()
    for (let change = 0; change < 60; change += 1) {
      await test.admin.agents.change('bot', { displayName: String(change) })
      if (change % 9 === 4) served.cut()
    }
    await reading
    const { items } = await test.admin.journal.list({ after: from, kind: 'agent.changed', limit: 100 })
    expect(seen).toEqual(items.map(({ sequence }) => sequence))
    await expect.poll(() => served.connections).toBe(0)
  })

  it('holds little for a reader that is slow, and leaves out nothing [WS-7, I-21]', async () => {
    const session = await supervised()
    const socket = connect('sam')
    const reader = (await socket.subscribe(`session:${session.id}`))[Symbol.asyncIterator]()
    const first = await reader.next()
    messages = 0
    const quick = await connect('ada', { WebSocket }).subscribe(`session:${session.id}`)
    let heard = 0
    const hearing = (async () => {
      for await (const { kind } of quick) if (kind === 'output') heard += 1
    })()
    for (let said = 0; said < 800; said += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => session.say(String(said + index))))
    }
    await vi.waitFor(() => expect(heard).toBe(800), { timeout: 10_000 })
    expect(messages).toBeGreaterThan(250)
    expect(messages).toBeLessThan(500)
    const ending = session.end()
    const seen: SessionEvent[] = first.done === true ? [] : [first.value]
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) seen.push(next.value)
    await Promise.all([ending, hearing])
    expect(seen.length).toBeGreaterThan(800)
    expect(seen.map(({ sequence }) => sequence)).toEqual(seen.map((_, index) => index + 1))
    expect(seen.at(-1)?.kind).toBe('supervision_session.completed')
  }, 30_000)

  it('renews the lease of who holds a session, through a cut, and says when it is lost [WS-6, WS-7, I-17]', async () => {
    const session = await supervised()
    const stranger = connect('kim').watch(session.id)
    expect(await stranger.lost).toMatchObject({ code: 'CONFLICT' })
    const socket = connect('sam')
    const watch = socket.watch(session.id)
    expect(() => socket.watch(session.id)).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    await expect.poll(() => watch.leaseExpiresAt).toBeDefined()
    const before = watch.leaseExpiresAt
    served.cut()
    await expect.poll(() => watch.leaseExpiresAt).not.toBe(before)
    await session.end()
    served.cut()
    expect(await watch.lost).toMatchObject({ code: 'CONFLICT' })
    await expect.poll(() => served.connections).toBe(0)
  })

  it('says what cannot be, and tries again what can [WS-7, I-35, I-36]', async () => {
    const kim = connect('kim')
    await expect(kim.subscribe('agent:none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(kim.subscribe('user:sam')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    const bot = connect('bot')
    await expect(bot.subscribe('agent:helper')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    expect(await bot.subscribe('agent:bot')).toMatchObject({ position: expect.any(Number) })
    const ada = connect('ada')
    await ada.subscribe('workspace')
    await expect(ada.subscribe('workspace')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(connect('ada', { token: 'pcp_aaaaaaaa_x' }).subscribe('workspace')).rejects.toMatchObject({
      code: 'CREDENTIAL_INVALID',
    })
    vi.stubGlobal('WebSocket', undefined)
    const none = { url: served.url, token: 'pcp_aaaaaaaa_x' }
    expect(() => connectSocket(none)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
    vi.unstubAllGlobals()
  })

  it('ends when its reader wishes, and with it the connection [WS-7]', async () => {
    const controller = new AbortController()
    const socket = connect('ada', { signal: controller.signal })
    const single = new AbortController()
    const [one, other] = [
      await socket.subscribe('agent:bot', { signal: single.signal }),
      await socket.subscribe('workspace'),
    ]
    const ended = Promise.all(
      [one, other].map(async (events) => {
        for await (const _ of events);
      }),
    )
    single.abort()
    controller.abort()
    await ended
    await expect.poll(() => served.connections).toBe(0)
    await expect(socket.subscribe('workspace')).rejects.toMatchObject({ code: 'GOVERNOR_CLOSED' })
  })

  it('is told that a server serves none [WS-7]', async () => {
    const app = new Hono().route('/api', governanceApi(test.governor))
    const http = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
    await once(http, 'listening')
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/api`
    await expect(connect('ada', { url }).subscribe('workspace')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await new Promise((resolve) => http.close(resolve))
  })
})
