import { serve } from '@hono/node-server'
import { governance, governed, identify } from '@preceptor/hono-middleware'
import autocannon from 'autocannon'
import { Hono } from 'hono'
import { median } from '../measure.mjs'
import { openGate } from '../open-gate.mjs'
import { atLeast } from '../table.mjs'

const ROUNDS = 5
const SECONDS = 1.5
const OPTIONS = { action: 'order.read', risk: 'safe' }

/** What the gate costs a route, in requests per second. */
export async function hono() {
  const { governor, admin } = await openGate()
  const { secret } = await admin.keys.create({ displayName: 'bench', principalKind: 'agent', principalId: 'bench-bot' })
  const server = await listen(appOf(governor))
  try {
    const rates = { bare: [], wrapped: [], middleware: [] }
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const name of Object.keys(rates)) {
        const rate = await load(`${server.url}/${name}`, secret)
        // The first round warms up.
        if (round > 0) rates[name].push(rate)
      }
    }
    const [bare, wrapped, middleware] = [rates.bare, rates.wrapped, rates.middleware].map(median)
    const unit = 'req/s'
    return [
      atLeast({
        name: 'H1 governed(handler) / bare Hono',
        ours: wrapped,
        other: bare,
        as: 'limit',
        gate: 0.85,
        moonshot: 0.95,
        unit,
      }),
      atLeast({
        name: 'H1 governance() / bare Hono',
        ours: middleware,
        other: bare,
        as: 'limit',
        gate: 0.6,
        moonshot: 0.95,
        unit,
      }),
    ]
  } finally {
    await server.close()
    await governor.close()
  }
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

async function load(url, secret) {
  const headers = { authorization: `Bearer ${secret}` }
  const result = await autocannon({ url, headers, connections: 10, duration: SECONDS, sampleInt: 250 })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} errors.`)
  return result.requests.total / result.duration
}
