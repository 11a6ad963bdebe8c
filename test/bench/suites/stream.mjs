import { fork } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { createGovernor } from '@preceptor/core'
import { WebSocket } from 'ws'
import { median } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { serveBare, serveStreams } from '../serve-streams.mjs'
import { measureFanOut } from '../stream-fan.mjs'
import { reported } from '../table.mjs'

const SUBSCRIBERS = 100
const IDLE = 400
const OF_ONE = 16
const SINGLE = 30
const BURST = 100
const AT_ONCE = 4
const LATER_MS = 6

/**
 * One event told to 1,000 streams of server-sent events; then a session told to 100 sockets and to one in another process,
 * and what an idle socket holds, against bare sockets.
 */
export async function stream() {
  return [...(await on(({ url }) => measureFanOut(url))), ...(await on(measureSessions))]
}

/** Measured on a server of its own. */
async function on(measure) {
  const postgres = await openPostgres()
  try {
    return await measure(postgres)
  } finally {
    await postgres.close()
  }
}

async function measureSessions(postgres) {
  const near = await createGovernor({
    database: postgres.url,
    migrate: true,
    report: () => undefined,
    actions: { 'wire.send': { risk: 'high' } },
  })
  const [server, bare] = [await serveStreams(near), await serveBare()]
  const [far, plain] = [await startServer(postgres.url), await startServer()]
  try {
    const run = await supervised(near)
    const across = await measureAcross({ run, near: server, far })
    const fan = await measureFan({ run, near: server, bare })
    const idle = await measureIdle({ run, far, plain })
    await run.end()
    return [...fan, ...across, ...idle]
  } finally {
    for (const one of [server, bare, far, plain]) await one.close()
    await near.close()
  }
}

/** A server in a process of its own: of a governor on that database, or a bare one. */
async function startServer(...args) {
  const worker = new URL('../stream-worker.mjs', import.meta.url)
  const child = fork(worker, args, { stdio: 'inherit', execArgv: ['--expose-gc'] })
  const [{ port }] = await once(child, 'message')
  return {
    port,
    async held() {
      child.send({ ask: 'held' })
      const [{ held }] = await once(child, 'message')
      return held
    },
    async close() {
      child.send({ ask: 'close' })
      await once(child, 'exit')
    },
  }
}

async function measureFan({ run, near, bare }) {
  const topic = `session:${run.session}`
  const clients = await subscribe({ port: near.port, keys: run.keys, topic, count: SUBSCRIBERS })
  const direct = await bareClients(bare.port, SUBSCRIBERS)
  const say = (text) => run.call.emit({ kind: 'output', text })
  const broadcast = async (text) => bare.broadcast(text)
  const times = { near: [], bare: [] }
  const bursts = { near: [], bare: [] }
  for (let round = 0; round < 3; round += 1) {
    times.near.push(...(await singles(clients, say)))
    times.bare.push(...(await singles(direct, broadcast)))
    bursts.near.push(await burst(clients, say))
    bursts.bare.push(await burst(direct, broadcast))
  }
  for (const { socket } of [...clients, ...direct]) socket.terminate()
  const p99 = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)]
  const row = (name, ours, other, unit) => reported({ name, ours, other, unit })
  return [
    row('stored event of a session to 100 sockets, p99 / bare broadcast', p99(times.near), p99(times.bare), 'ms'),
    row('the same, p50 / bare broadcast', median(times.near), median(times.bare), 'ms'),
    row(
      'burst to 100 sockets, deliveries per second / bare broadcast',
      median(bursts.near),
      median(bursts.bare),
      '1/s',
    ),
  ]
}

/** The same events at one subscriber in the process of the run, and at one in another. */
async function measureAcross({ run, near, far }) {
  const topic = `session:${run.session}`
  const clients = []
  for (const { port } of [near, far]) clients.push(...(await subscribe({ port, keys: run.keys, topic, count: 1 })))
  const times = [[], []]
  for (let said = 0; said < 3 * SINGLE; said += 1) {
    const arrivals = clients.map((client) => client.next(1))
    const since = performance.now()
    await run.call.emit({ kind: 'output', text: 'tick' })
    for (const [index, at] of (await Promise.all(arrivals)).entries()) times[index].push(at - since)
  }
  for (const { socket } of clients) socket.terminate()
  const [direct, across] = times.map(median)
  const name = 'S3 stored event to one socket of another process, p50 / of the same'
  const row = reported({ name, ours: across, other: direct, unit: 'ms' })
  return [{ ...row, goal: `<= +${LATER_MS} ms`, moonshot: '<= +2 ms', met: across - direct <= LATER_MS }]
}

/** What a process holds for each of many sockets on which nothing happens. */
async function measureIdle({ run, far, plain }) {
  const before = [await far.held(), await plain.held()]
  const topic = `agent:${run.agent}`
  const clients = await subscribe({ port: far.port, keys: run.keys, topic, count: IDLE, after: null })
  clients.push(...(await bareClients(plain.port, IDLE)))
  const [ours, other] = [await far.held(), await plain.held()].map(
    (held, index) => (held - before[index]) / IDLE / 1024,
  )
  for (const { socket } of clients) socket.terminate()
  return [
    reported({ name: `memory of an idle socket that follows a topic, of ${IDLE} / bare`, ours, other, unit: 'KiB' }),
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

async function subscribe({ port, keys, topic, count, after }) {
  const clients = []
  for (let index = 0; index < count; index += 1) {
    clients.push(await connect({ port, key: keys[Math.floor(index / OF_ONE)], topic, after }))
  }
  return clients
}

async function connect({ port, key, topic, after }) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/ws`, { headers: { authorization: `Bearer ${key}` } })
  await once(socket, 'open')
  const ready = new Promise((resolve) => {
    socket.on('message', (data) => String(data).startsWith('{"type":"subscribed"') && resolve())
  })
  const data = after === null ? {} : { data: { after: await endOf(port, key, topic) } }
  socket.send(JSON.stringify({ type: 'subscribe', topic, ...data }))
  await ready
  return reader(socket, (text) => text.startsWith('{"type":"output"'))
}

async function bareClients(port, count) {
  const clients = []
  for (let index = 0; index < count; index += 1) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    await once(socket, 'open')
    clients.push(reader(socket, () => true))
  }
  return clients
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

/** A run under way, its session, and keys of supervisors who may watch it. */
async function supervised(governor) {
  const as = (principal) => governor.as({ workspace: 'default', principal })
  const admin = as({ kind: 'user', id: 'root', roles: ['admin'] })
  await admin.agents.register({ id: 'bench-bot', maturity: 'supervised', ownerId: 'system' })
  const keys = []
  for (let index = 0; index * OF_ONE < IDLE; index += 1) {
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
    agent: 'bench-bot',
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
