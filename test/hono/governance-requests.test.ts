import { createRequire } from 'node:module'
import { type GovernanceEnv, governance, governanceApi, governed, identify } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { describe, expect, it, vi } from 'vitest'
import {
  type AppOptions,
  createAgent,
  createHostApp,
  type GovernedHandler,
  refund,
  SHAPES,
  type Shape,
  send,
  uniqueName,
} from './host-app.ts'
import { readAnswer, useApi } from './support.ts'

const api = useApi()
const agentKey = (maturity: Parameters<typeof createAgent>[1]) => createAgent(api, maturity)
const appWith = (shape: Shape, handler: GovernedHandler, more: AppOptions = {}) =>
  createHostApp(api, { shape, handler, ...more })

describe.each(SHAPES)('requests to %s()', (shape) => {
  it.each([
    ['no credential', { authorization: '' }, 401, 'CREDENTIAL_INVALID'],
    ['another scheme', { authorization: 'Basic abc' }, 401, 'CREDENTIAL_INVALID'],
    ['a scheme in small letters', { authorization: 'bearer pcp_x' }, 401, 'CREDENTIAL_INVALID'],
    ['two credentials', { authorization: 'Bearer a, Bearer b' }, 401, 'CREDENTIAL_INVALID'],
    ['another agent in the header', { 'preceptor-agent': 'somebody' }, 403, 'AGENT_MISMATCH'],
    ['another workspace in the header', { 'preceptor-workspace': 'other' }, 403, 'WORKSPACE_MISMATCH'],
    ['another source in the header', { 'preceptor-source': 'manual' }, 403, 'SOURCE_MISMATCH'],
    ['a key that is too long', { 'idempotency-key': 'k'.repeat(201) }, 400, 'INPUT_INVALID'],
    ['a body that is no JSON', { 'content-type': 'text/plain' }, 400, 'BODY_NOT_JSON'],
  ])('runs nothing for a request with %s [I-8, I-35, HTTP-2]', async (_name, headers, status, code) => {
    const { key } = await agentKey('autonomous')
    const handler = vi.fn(refund)
    const response = await send(appWith(shape, handler).app, key, { headers })
    expect([response.status, response.body.code]).toEqual([status, code])
    expect(response.headers.get('www-authenticate') !== null).toBe(status === 401)
    expect(handler).not.toHaveBeenCalled()
  })

  it('acts for the agent of the header only where the credential may [I-8, HTTP-7]', async () => {
    const { id } = await agentKey('autonomous')
    const { app } = appWith(shape, (c) => c.json({ source: c.var.governance.decision.source }))
    const byUser = await send(app, api.keys.admin, { headers: { 'preceptor-agent': id } })
    expect([byUser.status, byUser.body]).toEqual([200, { source: 'manual' }])
    const unnamed = await send(app, api.keys.admin)
    expect([unnamed.status, unnamed.body.code]).toEqual([400, 'INPUT_INVALID'])
    const byService = await send(app, api.keys.service, { headers: { 'preceptor-agent': id } })
    expect([byService.status, byService.body.code]).toEqual([403, 'PERMISSION_DENIED'])
    const byViewer = await send(app, api.keys.viewer, { headers: { 'preceptor-agent': id } })
    expect([byViewer.status, byViewer.body.code]).toEqual([403, 'PERMISSION_DENIED'])
  })

  it('believes no identity that the request states [I-8, I-5]', async () => {
    const { key } = await agentKey('student')
    const handler = vi.fn(refund)
    const { app } = appWith(shape, handler)
    const headers = { 'x-user-id': 'ada', 'x-agent-id': 'boss', 'x-role': 'admin', 'trigger-source': 'manual' }
    const body = { agentId: 'boss', source: 'manual', principal: { kind: 'user' }, approved: true, role: 'admin' }
    const response = await send(app, key, { headers, body })
    expect([response.status, response.body.code]).toEqual([403, 'TRAINING_REQUIRED'])
    expect(handler).not.toHaveBeenCalled()
  })

  it('binds the agent that the option names [I-8]', async () => {
    const { id, key } = await agentKey('autonomous')
    const { key: otherKey } = await agentKey('autonomous')
    const handler = vi.fn(refund)
    const { app } = appWith(shape, handler, { agent: id })
    expect((await send(app, key)).status).toBe(200)
    const other = await send(app, otherKey)
    expect([other.status, other.body.code]).toEqual([403, 'AGENT_MISMATCH'])
    const claimed = await send(app, api.keys.admin, { headers: { 'preceptor-agent': 'somebody' } })
    expect([claimed.status, claimed.body.code]).toEqual([403, 'AGENT_MISMATCH'])
    const fromHeader = appWith(shape, handler, { agent: (c) => c.req.header('x-bot') })
    expect((await send(fromHeader.app, api.keys.admin, { headers: { 'x-bot': id } })).status).toBe(200)
    expect(handler).toHaveBeenCalledTimes(2)
  })
})

describe('the two forms', () => {
  it('governed() reads the credential itself [HTTP-7]', async () => {
    const { key } = await agentKey('autonomous')
    const app = new Hono<GovernanceEnv>()
    app.post('/refunds/:id', governed(api.governor, { action: uniqueName() }, refund))
    expect((await send(app, key)).status).toBe(200)
    const bare = await readAnswer(await app.request('/refunds/7', { method: 'POST' }))
    expect([bare.status, bare.body.code]).toEqual([401, 'PRINCIPAL_REQUIRED'])
  })

  it('serve a host whose Hono is another copy, as in CommonJS [HTTP-7]', async () => {
    const { key } = await agentKey('autonomous')
    const other: typeof import('hono') = createRequire(import.meta.url)('hono')
    expect(other.Hono).not.toBe(Hono)
    const app = new other.Hono<GovernanceEnv>()
    app.use('*', identify(api.governor))
    app.post('/refunds/:id', governance({ action: uniqueName() }), (c) => c.json(c.var.governance.args))
    app.post(
      '/wrapped/:id',
      governed(api.governor, { action: uniqueName() }, (c) => c.json(c.var.governance.args)),
    )
    app.route('/api', governanceApi(api.governor))
    expect((await send(app, key)).body).toMatchObject({
      route: '/refunds/:id',
      params: { id: '7' },
      body: { cents: 5 },
    })
    expect((await send(app, key, { path: '/wrapped/8' })).body).toMatchObject({
      route: '/wrapped/:id',
      params: { id: '8' },
    })
    expect((await send(app, key, { path: '/api/agents?limit=1', method: 'GET' })).status).toBe(200)
  })

  it('governance() without identify() runs nothing [HTTP-1]', async () => {
    const handler = vi.fn(refund)
    const app = new Hono<GovernanceEnv>()
    app.post('/refunds/:id', governance({ action: uniqueName() }), handler)
    const response = await send(app, api.keys.admin)
    expect([response.status, response.body.code]).toEqual([401, 'PRINCIPAL_REQUIRED'])
    expect(handler).not.toHaveBeenCalled()
  })

  it('governance() lets an error that is no Error through, and records the failure [HTTP-8]', async () => {
    const { key } = await agentKey('autonomous')
    const app = new Hono<GovernanceEnv>()
    app.use('*', identify(api.governor))
    app.post('/refunds/:id', governance({ action: uniqueName() }), () => {
      // What is thrown here is no Error on purpose.
      // biome-ignore lint/style/useThrowOnlyError: see above
      throw 'a text'
    })
    await expect(send(app, key)).rejects.toBe('a text')
  })

  it('a route below a wildcard middleware is bound by its whole path [HTTP-1]', async () => {
    const { key } = await agentKey('autonomous')
    const app = new Hono<GovernanceEnv>()
    app.use('*', identify(api.governor))
    app.use('/refunds/*', governance({ action: uniqueName() }))
    app.post('/refunds/:id', (c) => c.json(c.var.governance.args))
    const response = await send(app, key)
    expect(response.body).toMatchObject({ route: '/refunds/7', params: {} })
  })
})

describe('identify()', () => {
  it.each(['/x?access_token=abc', '/x?a=b&api_key=abc', `/x?key=pcp_abcdefgh_${'A'.repeat(43)}`])(
    'refuses a credential in the address: %s [I-35]',
    async (path) => {
      const app = new Hono<GovernanceEnv>()
      app.use('*', identify(api.governor))
      app.get('/x', (c) => c.text('reached'))
      const headers = { authorization: `Bearer ${api.keys.admin}` }
      const response = await readAnswer(await app.request(path, { headers }))
      expect(response.status).toBe(401)
      expect(response.text).not.toContain('pcp_abcdefgh')
    },
  )

  it('sets the identity of the credential [AUTH-5]', async () => {
    const app = new Hono<GovernanceEnv>()
    app.use('*', identify(api.governor))
    app.get('/me', (c) => c.json(c.var.identity))
    const headers = { authorization: `Bearer ${api.keys.agent}` }
    const response = await readAnswer(await app.request('/me', { headers }))
    expect(response.body).toMatchObject({
      workspace: 'default',
      principal: { kind: 'agent', id: 'bot', roles: [] },
    })
  })
})
