import type { ServerType } from '@hono/node-server'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { callerAddress, type GovernanceEnv, governance, governanceApi, identify } from '@preceptor/hono-middleware'
import { createMcpEndpoint } from '@preceptor/mcp-server'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { addressOf, close, listen } from './server.ts'

const POINTS = 6
const limit = { points: POINTS, seconds: 60 }
const GUESS = `pcp_aaaaaaaa_${'A'.repeat(43)}`

let governor: EmbeddedGovernor
let server: ServerType
let address = ''

beforeAll(async () => {
  const rateLimits = {
    principal: limit,
    agent: limit,
    workspace: false,
    credentials: limit,
    trustedProxies: 1,
  } as const
  governor = await createGovernor({ memory: true, report: () => undefined, rateLimits })
  const app = new Hono<GovernanceEnv>()
  app.route('/api', governanceApi(governor))
  const endpoint = createMcpEndpoint(governor)
  app.all('/mcp', (c) => endpoint.fetch(c.req.raw, callerAddress(c)))
  app.use('/orders/*', identify(governor))
  app.get('/orders/:id', governance({ action: 'order.read', risk: 'safe' }), (c) => c.json({ ok: true }))
  server = await listen(app)
  address = addressOf(server)
})
afterAll(async () => {
  await close(server)
  await governor.close()
})

const host = () => governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })

let agents = 0
/** The credential of an agent of its own. */
async function keyOfAgent(): Promise<string> {
  agents += 1
  const { id } = await host().agents.register({ id: `bot-${agents}`, maturity: 'autonomous' })
  return (await host().keys.create({ displayName: 'k', principalKind: 'agent', principalId: id })).secret
}

interface Ask {
  readonly path: string
  readonly key: string
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The code of a problem. */
async function codeOf(response: Response): Promise<unknown> {
  return Reflect.get(Object(await response.json()), 'code')
}

function ask({ path, key, method = 'GET', body, headers }: Ask): Promise<Response> {
  return fetch(`${address}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      accept: 'application/json, text/event-stream',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
}

describe('rate limits', () => {
  it.each<[string, Omit<Ask, 'key'>]>([
    ['the API', { path: '/api/identity' }],
    ['the remote guard', { path: '/api/triggers/guard', method: 'POST', body: { action: 'order.read', args: {} } }],
    ['alerts', { path: '/api/alerts' }],
    ['a stream', { path: '/api/events' }],
    ['a socket', { path: '/api/ws' }],
    ['a governed route', { path: '/orders/1' }],
    ['MCP over HTTP', { path: '/mcp', method: 'POST', body: INITIALIZE }],
  ])(`${verifies('RATE-5', 'hold at')} %s, which says when to come back`, async (_name, request) => {
    const key = await keyOfAgent()
    const statuses: number[] = []
    for (let index = 0; index < POINTS; index += 1) {
      const response = await ask({ ...request, key })
      statuses.push(response.status)
      await response.body?.cancel()
    }
    expect(statuses).not.toContain(429)
    const refused = await ask({ ...request, key })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(30)
    expect(seconds).toBeLessThanOrEqual(60)
    expect(refused.headers.get('ratelimit')).toBe(`"principal";r=0;t=${seconds}`)
    expect(refused.headers.get('ratelimit-policy')).toBe(`"principal";q=${POINTS};w=60`)
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429, retryable: true })
    // Somebody else is not held up.
    const other = await ask({ ...request, key: await keyOfAgent() })
    expect(other.status).not.toBe(429)
    await other.body?.cancel()
  })

  it(verifies('RATE-5', 'count every attempt of a batch for its agent'), async () => {
    const { secret } = await host().keys.create({
      displayName: 'k',
      principalKind: 'service',
      principalId: 'batching',
      scopes: ['triggers.decide'],
    })
    const triggers = Array.from({ length: POINTS + 1 }, () => ({ agent: 'one', action: 'order.read', args: {} }))
    const response = await ask({ path: '/api/triggers/batch', method: 'POST', key: secret, body: { triggers } })
    expect([response.status, await codeOf(response)]).toEqual([429, 'RATE_LIMITED'])
  })

  it(verifies('RATE-2', 'slow down guessing keys and tickets, by the address that the own proxy saw'), async () => {
    const from = (client: string) => ({ 'x-forwarded-for': `1.2.3.4, ${client}` })
    const codes: string[] = []
    for (let index = 0; index < POINTS + 2; index += 1) {
      const paths = ['/api/identity', '/mcp', '/orders/1', '/api/events?ticket=pst_default.x']
      const path = paths[index % paths.length] ?? ''
      const headers = { ...from('198.51.100.1'), ...(path.includes('ticket') ? { authorization: '' } : {}) }
      const response = path.includes('ticket')
        ? await fetch(`${address}${path}`, { headers: from('198.51.100.1') })
        : await ask({ path, key: GUESS, headers, method: path === '/mcp' ? 'POST' : 'GET' })
      codes.push(String(await codeOf(response)))
    }
    expect(codes).toEqual([...Array(POINTS).fill('CREDENTIAL_INVALID'), 'RATE_LIMITED', 'RATE_LIMITED'])
    // Whatever the caller itself puts in front of what the proxy adds.
    const spoofed = await ask({
      path: '/api/identity',
      key: GUESS,
      headers: { 'x-forwarded-for': '9.9.9.9, 198.51.100.1' },
    })
    expect(spoofed.status).toBe(429)
    const elsewhere = await ask({ path: '/api/identity', key: GUESS, headers: from('198.51.100.2') })
    expect(elsewhere.status).toBe(401)
  })
})
