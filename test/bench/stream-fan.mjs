import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { createGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { median } from './measure.mjs'
import { atLeast, atMost, faster, reported } from './table.mjs'

const READERS = 1_000
/** A person may have so many streams open. */
const OF_ONE = 16
const SINGLES = 15
const BURST = 20
const ROUNDS = 5
const APART_MS = 60
const ACTIONS = { 'order.read': { risk: 'safe' } }
const PAYLOAD = 'x'.repeat(480)

/**
 * One event told to 1,000 readers of server-sent events, beside what Hono does by itself and beside sockets to which the
 * same bytes are written. Each by the time from the first reader who has it, so that what comes before is not in it.
 */
export async function measureFanOut(database) {
  const opened = { ours: await openOurs(database), hono: await openHono(), raw: await openRaw() }
  const found = {}
  try {
    for (const [name, server] of Object.entries(opened)) {
      server.readers = await openReaders(server.requests)
      found[name] = { singles: [], bursts: [], first: [] }
    }
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [name, server] of Object.entries(opened)) {
        const measured = await measureRound(server)
        // The first round warms up.
        if (round > 0) for (const [what, values] of Object.entries(measured)) found[name][what].push(...values)
      }
    }
  } finally {
    for (const server of Object.values(opened)) await server.readers?.close()
    for (const server of Object.values(opened)) await server.close()
  }
  return rowsOf(found)
}

function rowsOf({ ours, hono, raw }) {
  const p99 = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)]
  const readers = READERS.toLocaleString('en-US')
  return [
    atMost({
      ...{
        name: `S1 an event to ${readers} streams, from the first that has it, p99 / bytes written to sockets`,
        unit: 'ms',
      },
      ...{ ours: p99(ours.singles), other: p99(raw.singles), as: 'limit', gate: 1.5, moonshot: 1.1 },
    }),
    faster({
      ...{ name: 'S2 the same, p50 / streamSSE of Hono', unit: 'ms' },
      ...{ ours: median(ours.singles), other: median(hono.singles), gate: 3, moonshot: 6 },
    }),
    atLeast({
      ...{ name: `S2 ${BURST} events at once to ${readers}, deliveries a second / streamSSE of Hono`, unit: '/s' },
      ...{ ours: median(ours.bursts), other: median(hono.bursts), as: 'peer', gate: 3, moonshot: 5 },
    }),
    reported({
      name: `decision made -> the first of ${readers} streams that has it, p50`,
      ours: median(ours.first),
      other: null,
      unit: 'ms',
    }),
  ]
}

async function measureRound({ readers, tell }) {
  const measured = { singles: [], first: [], bursts: [] }
  for (let count = 0; count < SINGLES; count += 1) {
    const told = readers.expect(READERS)
    const from = performance.timeOrigin + performance.now()
    await tell(1)
    const times = (await told).map(({ at }) => at)
    const first = times.reduce((one, other) => Math.min(one, other))
    measured.singles.push(...times.map((at) => at - first))
    measured.first.push(first - from)
    await delay(APART_MS)
  }
  const told = readers.expect(READERS * BURST)
  await tell(BURST)
  const times = (await told).map(({ at }) => at)
  const [first, last] = times.reduce(([low, high], at) => [Math.min(low, at), Math.max(high, at)], [Infinity, 0])
  measured.bursts.push((times.length * 1_000) / (last - first))
  await delay(APART_MS)
  return measured
}

async function openReaders(requests) {
  const child = fork(new URL('./stream-readers.mjs', import.meta.url), [], { stdio: 'inherit' })
  await once(child, 'message')
  const ask = async (message) => {
    child.send(message)
    return (await once(child, 'message'))[0]
  }
  await ask({ open: requests })
  return {
    expect: async (count) => (await ask({ expect: count })).arrivals,
    async close() {
      await ask({ close: true })
      child.kill()
      await once(child, 'exit')
    },
  }
}

const requestOf = (port, path, headers = []) => ({
  port,
  request: [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, '', ''].join('\r\n'),
})

/** A control plane whose journal is followed; what is told is a decision. */
async function openOurs(database) {
  const governor = await createGovernor({ database, migrate: true, actions: ACTIONS, report: () => undefined })
  const as = (kind, id, roles) => governor.as({ workspace: 'default', principal: { kind, id, roles } })
  const admin = as('user', 'root', ['admin'])
  await admin.agents.register({ id: 'fan-bot', maturity: 'autonomous' })
  const bot = as('agent', 'fan-bot', [])
  const { server, port } = await listen(new Hono().route('/api', governanceApi(governor)))
  const requests = []
  for (let reader = 0; reader < READERS; reader += OF_ONE) {
    const principalId = `reader-${reader}`
    await admin.members.put(principalId, { displayName: principalId, roles: ['supervisor'] })
    const key = { displayName: principalId, principalKind: 'user', principalId, roles: ['supervisor'] }
    const { secret } = await admin.keys.create(key)
    for (let one = reader; one < Math.min(reader + OF_ONE, READERS); one += 1) {
      requests.push(requestOf(port, '/api/events', [`Authorization: Bearer ${secret}`]))
    }
  }
  let n = 0
  return {
    requests,
    async tell(count) {
      for (let told = 0; told < count; told += 1) {
        n += 1
        await bot.decide({ agent: 'fan-bot', action: 'order.read', args: { n } })
      }
    },
    async close() {
      await end(server)
      await governor.close()
    },
  }
}

/** What one would write with Hono: each stream is told by itself. */
async function openHono() {
  const streams = new Set()
  const app = new Hono().get('/events', (c) =>
    streamSSE(c, async (stream) => {
      await stream.writeSSE({ event: 'open', data: '' })
      streams.add(stream)
      await new Promise((resolve) => stream.onAbort(resolve))
      streams.delete(stream)
    }),
  )
  const { server, port } = await listen(app)
  let n = 0
  return {
    requests: Array.from({ length: READERS }, () => requestOf(port, '/events')),
    async tell(count) {
      for (let told = 0; told < count; told += 1) {
        n += 1
        const data = JSON.stringify({ text: PAYLOAD, args: { n } })
        for (const stream of streams) void stream.writeSSE({ event: 'decision.made', id: String(n), data })
      }
    },
    close: () => end(server),
  }
}

/** The limit: the same bytes to each socket, and nothing else. */
async function openRaw() {
  const sockets = new Set()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('error', () => undefined).once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  let n = 0
  return {
    requests: Array.from({ length: READERS }, () => ({ port: server.address().port, request: '' })),
    async tell(count) {
      for (let told = 0; told < count; told += 1) {
        n += 1
        const data = JSON.stringify({ text: PAYLOAD, args: { n } })
        const bytes = Buffer.from(`id: ${n}\nevent: decision.made\ndata: ${data}\n\n`)
        for (const socket of sockets) socket.write(bytes)
      }
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

async function listen(app) {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => resolve({ server, port }))
  })
}

function end(server) {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
}
