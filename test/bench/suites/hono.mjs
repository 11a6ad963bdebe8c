import { generateKeyPairSync, sign } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { governance, governed, identify } from '@preceptor/hono-middleware'
import autocannon from 'autocannon'
import { Hono } from 'hono'
import { jwt as plainJwt } from 'hono/jwt'
import { median } from '../measure.mjs'
import { openGate } from '../open-gate.mjs'
import { atLeast, reported } from '../table.mjs'

const ROUNDS = 7
const BURST = 4_000
const SECONDS = 2
/** Of the journal, for each governed request: what was decided, and how it went. */
const ROWS = 2
const PLAIN = new Set(['bare', 'plainJwt'])
const MOST_ADDED_US = 10
const ISSUER = 'https://id.example.com'
const OPTIONS = { action: 'order.read', risk: 'safe' }

/**
 * What the gate costs a route, in requests per second: of a burst, whose two rows a request are written behind it, and of a
 * load that lasts, which is as fast as those rows can be written.
 */
export async function hono() {
  const { token, jwks, verification } = issueToken()
  const { governor, admin } = await openGate({ jwt: { issuer: ISSUER, audience: ISSUER, jwks, type: 'JWT' } })
  const { secret } = await admin.keys.create({ displayName: 'bench', principalKind: 'agent', principalId: 'bench-bot' })
  await admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  const server = await listen(appOf(governor, verification))
  const bearers = { bare: secret, wrapped: secret, middleware: secret, plainJwt: token, jwt: token }
  const send = (name, limit) => load(`${server.url}/${name}`, bearers[name], limit)
  try {
    const found = Object.fromEntries(Object.keys(bearers).map((name) => [name, { rates: [], cpu: [] }]))
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [name, { rates, cpu }] of Object.entries(found)) {
        const before = await sealed(admin)
        const used = process.cpuUsage()
        const rate = await send(name, { amount: BURST })
        const { user, system } = process.cpuUsage(used)
        if (!PLAIN.has(name)) await untilSealed(admin, before + BURST * ROWS)
        // The first round warms up.
        if (round === 0) continue
        rates.push(rate)
        cpu.push((user + system) / BURST)
      }
    }
    const rate = Object.fromEntries(Object.entries(found).map(([name, { rates }]) => [name, median(rates)]))
    const lasting = await send('wrapped', { duration: SECONDS })
    return rowsOf(rate, { lasting, added: median(found.wrapped.cpu) - median(found.bare.cpu) })
  } finally {
    await server.close()
    await governor.close()
  }
}

function rowsOf({ bare, wrapped, middleware, plainJwt, jwt }, { lasting, added }) {
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
    atLeast({
      ...{ name: 'H2 governed route with a JWT / the hono/jwt middleware alone', unit, as: 'peer' },
      ...{ ours: jwt, other: plainJwt, gate: 2.5, moonshot: 4 },
    }),
    {
      ...{ name: 'H3 processor time that governing adds to a request, both rows written', ours: added, peer: null },
      ...{ limit: MOST_ADDED_US, ratio: added / MOST_ADDED_US, goal: `<= ${MOST_ADDED_US} us`, moonshot: '<= 3 us' },
      ...{ met: added <= MOST_ADDED_US, unit: 'us' },
    },
    reported({ name: 'governed(handler) for as long as it takes / bare Hono', ours: lasting, other: bare, unit }),
  ]
}

/** A token of a person, as an identity provider signs one, and what verifies it. */
function issueToken() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1_000) + 3_600
  const claims = { iss: ISSUER, aud: ISSUER, sub: 'ana', workspace: 'default', exp }
  const said = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
  const token = `${said}.${sign('sha256', Buffer.from(said), privateKey).toString('base64url')}`
  const key = publicKey.export({ format: 'jwk' })
  const secret = publicKey.export({ format: 'pem', type: 'spki' })
  return { token, jwks: { keys: [key] }, verification: { alg: 'RS256', secret } }
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

function appOf(governor, verification) {
  const app = new Hono()
  app.get('/bare', (c) => c.json({ ok: true }))
  app.get(
    '/wrapped',
    governed(governor, OPTIONS, (c) => c.json({ ok: true })),
  )
  app.get('/middleware', identify(governor), governance(OPTIONS), (c) => c.json({ ok: true }))
  app.get('/plainJwt', plainJwt(verification), (c) => c.json({ ok: true }))
  app.get(
    '/jwt',
    governed(governor, { ...OPTIONS, agent: 'bench-bot' }, (c) => c.json({ ok: true })),
  )
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
