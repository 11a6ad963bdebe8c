import { setTimeout as delay } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { governance, governed, identify } from '@preceptor/hono-middleware'
import autocannon from 'autocannon'
import { Hono } from 'hono'
import { median } from '../measure.mjs'
import { openGate } from '../open-gate.mjs'
import { atLeast, reported } from '../table.mjs'

const ROUNDS = 9
const BURST = 4_000
const SECONDS = 2
/** Of the journal, for each governed request: what was decided, and how it went. */
const ROWS = 2
const OPTIONS = { action: 'order.read', risk: 'safe' }

/**
 * What the gate costs a route, in requests per second: of a burst, whose two rows a request are written behind it, and of a
 * load that lasts, which is as fast as those rows can be written.
 */
export async function hono() {
  const { governor, admin } = await openGate()
  const { secret } = await admin.keys.create({ displayName: 'bench', principalKind: 'agent', principalId: 'bench-bot' })
  const server = await listen(appOf(governor))
  const send = (name, limit) => load(`${server.url}/${name}`, secret, limit)
  try {
    const rates = { bare: [], wrapped: [], middleware: [] }
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const name of Object.keys(rates)) {
        const before = await sealed(admin)
        const rate = await send(name, { amount: BURST })
        // The first round warms up.
        if (round > 0) rates[name].push(rate)
        if (name !== 'bare') await untilSealed(admin, before + BURST * ROWS)
      }
    }
    const [bare, wrapped, middleware] = [rates.bare, rates.wrapped, rates.middleware].map(median)
    const lasting = await send('wrapped', { duration: SECONDS })
    const unit = 'req/s'
    return [
      atLeast({
        ...{ name: `H1 governed(handler) / bare Hono, bursts of ${BURST.toLocaleString('en-US')}`, unit, as: 'limit' },
        ...{ ours: wrapped, other: bare, gate: 0.85, moonshot: 0.95 },
      }),
      atLeast({
        ...{ name: 'H1 governance() / bare Hono, the same', unit, as: 'limit' },
        ...{ ours: middleware, other: bare, gate: 0.6, moonshot: 0.95 },
      }),
      reported({ name: 'governed(handler) for as long as it takes / bare Hono', ours: lasting, other: bare, unit }),
    ]
  } finally {
    await server.close()
    await governor.close()
  }
}

const LOOK_MS = 25

/** How many rows of the journal are written and sealed. */
async function sealed(admin) {
  const { items } = await admin.journal.list({ limit: 1 })
  return items[0].sequence
}

async function untilSealed(admin, rows) {
  while ((await sealed(admin)) < rows) await delay(LOOK_MS)
}

function appOf(governor) {
  const app = new Hono()
  app.get('/bare', (c) => c.json({ ok: true }))
  app.get(
    '/wrapped',
    governed(governor, OPTIONS, (c) => c.json({ ok: true })),
  )
  app.get('/middleware', identify(governor), governance(OPTIONS), (c) => c.json({ ok: true }))
  return app
}

async function listen(app) {
  const { server, port } = await new Promise((resolve) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (info) =>
      resolve({ server: started, port: info.port }),
    )
  })
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) }
}

async function load(url, secret, limit) {
  const headers = { authorization: `Bearer ${secret}` }
  const started = performance.now()
  let answered = started
  const running = autocannon({ url, headers, connections: 10, ...limit })
  // It ends at a tick of its own, up to a second after the last answer.
  running.on('response', () => {
    answered = performance.now()
  })
  const result = await running
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} errors.`)
  return (result.requests.total * 1_000) / (answered - started)
}
