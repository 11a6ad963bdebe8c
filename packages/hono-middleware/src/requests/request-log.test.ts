import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { emailDecisions } from '../channels/email/email-decisions.ts'
import { governance } from '../governance.ts'
import { identify } from '../identify.ts'
import { governanceApi } from '../routes/governance-api.ts'
import { type RequestLine, requestLog } from './request-log.ts'

let test: TestGovernor
let app: Hono
let key = ''
const lines: RequestLine[] = []

beforeAll(async () => {
  test = await createTestGovernor()
  await test.admin.members.put('ana', { displayName: 'Ana', roles: ['admin'] })
  await test.register('bot', 'intern')
  const asked = { displayName: 'k', principalKind: 'user', principalId: 'ana', roles: ['admin'] } as const
  key = (await test.admin.keys.create(asked)).secret
  app = new Hono()
    .use(requestLog((line) => void lines.push(line)))
    .route('/api', governanceApi(test.governor))
    .route('/decide', emailDecisions(test.governor, { decideUpTo: 'medium' }))
})
afterAll(() => test.close())
beforeEach(() => void lines.splice(0))

const asAna = () => ({ headers: { authorization: `Bearer ${key}` } })
const last = () => lines.at(-1)

describe('the request log [OPS-13]', () => {
  it('says who asked for what, by which route, and how it ended', async () => {
    const answer = await app.request('/api/agents/bot', asAna())
    expect(lines).toEqual([
      {
        method: 'GET',
        route: '/api/agents/:id',
        status: 200,
        duration: expect.any(Number),
        end: 'ended',
        requestId: answer.headers.get('x-request-id'),
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        principal: 'user:ana',
        workspace: 'default',
      },
    ])
    expect(last()?.duration).toBeGreaterThan(0)
    expect(last()?.duration).toBeLessThan(60)
  })

  it('has the trace that an error answer names, and the ids that a proxy gave', async () => {
    const refused = await app.request('/api/agents/bot')
    expect([last()?.status, last()?.principal, last()?.traceId]).toEqual([
      401,
      null,
      ((await refused.json()) as { readonly traceId: string }).traceId,
    ])
    const [requestId, traceId] = ['0f'.repeat(16), 'ab'.repeat(16)]
    const headers = { 'x-request-id': requestId, traceparent: `00-${traceId}-${'1'.repeat(16)}-01` }
    const answer = await app.request('/api/agents/none', { headers: { ...asAna().headers, ...headers } })
    expect([answer.headers.get('x-request-id'), last()]).toMatchObject([requestId, { requestId, traceId, status: 404 }])
  })

  it('holds no key, one-time link, ticket, path, query or body', async () => {
    const secrets = [key, `pal_default.${'s'.repeat(43)}`, 'ticket-of-a-stream', 'said-in-the-body', 'an-agent-of-mine']
    const [, link, ticket, said, agent] = secrets
    const headers = { ...asAna().headers, 'content-type': 'application/json', 'x-request-id': key }
    await app.request(`/decide/${link}`)
    await app.request(`/api/events?ticket=${ticket}`)
    await app.request(`/api/agents?access_token=${key}`)
    await app.request(`/api/agents/${agent}`, { headers })
    await app.request(`/api/${key}/${link}`, { headers })
    await app.request(`/${link}`, { method: key.toUpperCase() })
    await app.request('/api/agents', { method: 'POST', headers, body: JSON.stringify({ id: said, ownerId: said }) })
    await app.request('/api/agents', { headers: { ...headers, traceparent: `00-${key}-1-01` } })
    expect(lines).toHaveLength(8)
    expect(lines.map(({ route }) => route)).toContain('/decide/:token')
    for (const secret of secrets) expect(JSON.stringify(lines).toLowerCase()).not.toContain(secret.toLowerCase())
  })

  it('is quiet about a server that lives, and not about one that does not', async () => {
    await app.request('/api/healthz')
    await app.request('/api/readyz')
    expect(lines).toEqual([])
    const gone = await createTestGovernor()
    await gone.close()
    const dead = new Hono().use(requestLog((line) => void lines.push(line))).route('/api', governanceApi(gone.governor))
    expect((await dead.request('/api/readyz')).status).toBe(503)
    expect(lines).toMatchObject([{ route: '/api/readyz', status: 503 }])
  })

  it('tells of a stream when it is over', async () => {
    const leaving = new AbortController()
    const stream = await app.request('/api/events', { ...asAna(), signal: leaving.signal })
    const reader = stream.body?.getReader()
    await reader?.read()
    expect(lines).toEqual([])
    await reader?.cancel()
    await expect.poll(last).toMatchObject({ route: '/api/events', status: 200, end: 'cut', principal: 'user:ana' })
    const exported = await app.request('/api/journal/export', asAna())
    expect(lines).toHaveLength(1)
    await exported.text()
    await expect.poll(last).toMatchObject({ route: '/api/journal/export', end: 'ended' })
    leaving.abort()
  })

  it('stands before an app of the host, and a log that throws ends nothing', async () => {
    const own = new Hono()
      .use(
        requestLog((line) => {
          lines.push(line)
          throw new Error('full')
        }),
      )
      .use(identify(test.governor))
    own.get('/orders/:id', governance({ agent: 'bot', action: 'order.read' }), (c) => c.text('ok'))
    own.onError((_, c) => c.text('no', 500))
    own.get('/broken', () => {
      throw new Error('broken')
    })
    expect((await own.request('/orders/7', asAna())).status).toBe(200)
    expect(last()).toMatchObject({ route: '/orders/:id', status: 200, principal: 'user:ana' })
    expect((await own.request('/broken', asAna())).status).toBe(500)
    expect(last()).toMatchObject({ route: '/broken', status: 500 })
  })
})
