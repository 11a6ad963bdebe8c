import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { serve, upgradeWebSocket } from '@hono/node-server'
import { createGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { WebSocket, WebSocketServer } from 'ws'
import { median } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'

const SUBSCRIBERS = 100
const FAR = 10
const OF_ONE = 16
const SINGLE = 30
const BURST = 100
const AT_ONCE = 4

/** One session told to 100 sockets: in the process of its run, in another one, and against a bare broadcast. */
export async function stream() {
  const postgres = await openPostgres()
  const options = { database: postgres.url, migrate: true, report: () => undefined }
  const near = await createGovernor({ ...options, actions: { 'wire.send': { risk: 'high' } } })
  const far = await createGovernor(options)
  const servers = [await open(near), await open(far)]
  const bare = await openBare()
  try {
    const run = await supervised(near)
    const topic = `session:${run.session}`
    const [nearby, afar] = await Promise.all(
      servers.map(({ port }, index) =>
        subscribe({ port, keys: run.keys, topic, count: index === 0 ? SUBSCRIBERS : FAR }),
      ),
    )
    const direct = await bare.subscribe()
    const say = (text) => run.call.emit({ kind: 'output', text })
    const broadcast = async (text) => bare.broadcast(text)
    const times = { near: [], far: [], bare: [] }
    const bursts = { near: [], bare: [] }
    for (let round = 0; round < 3; round += 1) {
      times.near.push(...(await singles(nearby, say)))
      times.bare.push(...(await singles(direct, broadcast)))
      times.far.push(...(await singles(afar, say, SINGLE / 10)))
      bursts.near.push(await burst(nearby, say))
      bursts.bare.push(await burst(direct, broadcast))
    }
    for (const { socket } of [...nearby, ...afar, ...direct]) socket.terminate()
    await run.end()
    return rows({ times, bursts })
  } finally {
    for (const server of servers) await server.close()
    await bare.close()
    await Promise.all([near.close(), far.close()])
    await postgres.close()
  }
}

function rows({ times, bursts }) {
  const p99 = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)]
  const row = (name, ours, peer, unit) => ({
    name,
    ours,
    peer,
    limit: null,
    ratio: ours / peer,
    goal: '-',
    moonshot: '-',
    met: null,
    unit,
  })
  return [
    row('S1 stored event to 100 sockets, p99 / bare broadcast', p99(times.near), p99(times.bare), 'ms'),
    row('S1 stored event to 100 sockets, p50 / bare broadcast', median(times.near), median(times.bare), 'ms'),
    row('S3 in another process, p50 / in the same', median(times.far), median(times.near), 'ms'),
    row('S2 burst, deliveries per second / bare broadcast', median(bursts.near), median(bursts.bare), '1/s'),
  ]
}

/** From before the event is said to its arrival at each subscriber, one event at a time. */
async function singles(clients, say, count = SINGLE) {
  const times = []
  for (let index = 0; index < count; index += 1) {
    const arrivals = clients.map((client) => client.next(1))
    const since = performance.now()
    await say('tick')
    for (const at of await Promise.all(arrivals)) times.push(at - since)
  }
  return times
}

/** Deliveries per second while everything is said at once. */
async function burst(clients, say) {
  const arrivals = clients.map((client) => client.next(BURST))
  const since = performance.now()
  for (let said = 0; said < BURST; said += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => say('tick')))
  }
  const last = Math.max(...(await Promise.all(arrivals)))
  return (BURST * clients.length) / ((last - since) / 1_000)
}

async function subscribe({ port, keys, topic, count }) {
  const clients = []
  for (let index = 0; index < count; index += 1) {
    clients.push(await connect({ port, key: keys[Math.floor(index / OF_ONE)], topic }))
  }
  return clients
}

async function connect({ port, key, topic }) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/ws`, { headers: { authorization: `Bearer ${key}` } })
  await once(socket, 'open')
  const ready = new Promise((resolve) => {
    socket.on('message', (data) => String(data).startsWith('{"type":"subscribed"') && resolve())
  })
  socket.send(JSON.stringify({ type: 'subscribe', topic, data: { after: await endOf(port, key, topic) } }))
  await ready
  return reader(socket, (text) => text.startsWith('{"type":"output"'))
}

async function endOf(port, key, topic) {
  const path = `/api/supervision/sessions/${topic.slice('session:'.length)}/events`
  let after = 0
  for (;;) {
    const url = `http://127.0.0.1:${port}${path}?after=${after}&limit=500`
    const { items } = await (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).json()
    if (items.length === 0) return after
    after = items.at(-1).sequence
  }
}

function reader(socket, isEvent) {
  let missing = 0
  let arrived = () => undefined
  socket.on('message', (data) => {
    if (!isEvent(data.toString('utf8', 0, 40))) return
    missing -= 1
    if (missing === 0) arrived(performance.now())
  })
  return {
    socket,
    next: (count) =>
      new Promise((resolve) => {
        missing = count
        arrived = resolve
      }),
  }
}

async function open(governor) {
  const app = new Hono().route('/api', governanceApi(governor, { upgradeWebSocket }))
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, websocket: { server: sockets } })
  await once(server, 'listening')
  return {
    port: server.address().port,
    close: () => {
      for (const socket of sockets.clients) socket.terminate()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

async function openBare() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  return {
    async subscribe() {
      const clients = []
      for (let index = 0; index < SUBSCRIBERS; index += 1) {
        const socket = new WebSocket(`ws://127.0.0.1:${server.address().port}`)
        await once(socket, 'open')
        clients.push(reader(socket, () => true))
      }
      return clients
    },
    broadcast(text) {
      for (const socket of server.clients) socket.send(text)
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** A run under way, its session, and keys of supervisors who may watch it. */
async function supervised(governor) {
  const as = (principal) => governor.as({ workspace: 'default', principal })
  const admin = as({ kind: 'user', id: 'root', roles: ['admin'] })
  await admin.agents.register({ id: 'bench-bot', maturity: 'supervised', ownerId: 'system' })
  const keys = []
  for (let index = 0; index * OF_ONE < SUBSCRIBERS; index += 1) {
    const principalId = `sam-${index}`
    await admin.members.put(principalId, { displayName: principalId, roles: ['supervisor'] })
    const request = { displayName: principalId, principalKind: 'user', principalId, roles: ['supervisor'] }
    keys.push((await admin.keys.create(request)).secret)
  }
  const sam = as({ kind: 'user', id: 'sam-0', roles: ['supervisor'] })
  await sam.presence.heartbeat()
  const began = deferred()
  const over = deferred()
  const agent = as({ kind: 'agent', id: 'bench-bot', roles: [] })
  const step = agent.guard({ agent: 'bench-bot', action: 'wire.send', args: {}, run: 'bench' }, (call) => {
    began.resolve(call)
    return over.promise
  })
  let session
  while (session === undefined) {
    session = (await sam.sessions.list({ state: 'active' })).items[0]
    await delay(20)
  }
  await sam.sessions.attach(session.id)
  const lease = setInterval(() => void sam.sessions.attach(session.id).catch(() => undefined), 10_000)
  const call = await began.promise
  return {
    session: session.id,
    keys,
    call,
    async end() {
      clearInterval(lease)
      over.resolve('done')
      await step
    },
  }
}

function deferred() {
  let resolve
  const promise = new Promise((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
