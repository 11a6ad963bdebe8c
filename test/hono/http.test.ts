import { once } from 'node:events'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { ServerType } from '@hono/node-server'
import { type GovernanceEnv, governance, governanceApi, governed, identify } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createAgent } from './host-app.ts'
import { addressOf, close, listen } from './server.ts'
import { useApi } from './support.ts'

const ISSUER = 'https://issuer.example'
const AUDIENCE = 'preceptor'

const keyServer = new Hono()
let keyServerAddress = ''
let privateKey: Parameters<SignJWT['sign']>[0]

// The address of the keys must be known before the governor opens, so this server is started first, at its own port.
const options: { jwt: { issuer: string; audience: string; jwks: string } } = {
  jwt: { issuer: ISSUER, audience: AUDIENCE, jwks: 'http://127.0.0.1:9/jwks' },
}
let jwksServer: ServerType
beforeAll(async () => {
  const pair = await generateKeyPair('ES256')
  privateKey = pair.privateKey
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }
  keyServer.get('/jwks', (c) => c.json({ keys: [jwk] }))
  jwksServer = await listen(keyServer)
  keyServerAddress = addressOf(jwksServer)
  options.jwt.jwks = `${keyServerAddress}/jwks`
})

const api = useApi(options)
const handled = vi.fn()
let server: ServerType

beforeAll(async () => {
  const app = new Hono<GovernanceEnv>()
  app.route('/api', governanceApi(api.governor))
  app.use('/app/*', identify(api.governor))
  app.post('/app/middleware', governance({ action: 'refund.one' }), async (c) => {
    handled()
    return c.json({ decided: c.var.governance.args.body, read: await c.req.json() })
  })
  app.post(
    '/app/wrapper',
    governed(api.governor, { action: 'refund.two' }, async (c) => {
      handled()
      return c.json({ decided: c.var.governance.args.body, read: await c.req.json() })
    }),
  )
  app.post(
    '/app/slow',
    governed(api.governor, { action: 'refund.slow' }, async (c) => {
      handled()
      await once(c.var.governance.signal, 'abort')
      handled('aborted')
      return c.json({})
    }),
  )
  server = await listen(app)
})

afterAll(async () => {
  await Promise.all([server, jwksServer].map(close))
})

const url = (path: string): string => `${addressOf(server)}${path}`
const FORMS = ['/app/middleware', '/app/wrapper'] as const

/** A body whose length nobody states. */
function chunked(chunks: readonly string[]): RequestInit {
  const body = Readable.toWeb(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))
  // Node's own streams are what its fetch takes, whatever the two sets of types say of each other.
  return { body, duplex: 'half' } as unknown as RequestInit
}

async function post(
  path: string,
  key: string,
  init: RequestInit,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url(path), {
    method: 'POST',
    ...init,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...init.headers },
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('over HTTP', () => {
  it.each(FORMS)(
    '%s decides on the body and leaves it to the handler, whole or in chunks [HTTP-7, HTTP-3]',
    async (path) => {
      const { key } = await createAgent(api, 'autonomous')
      const content = { cents: 5, note: 'ü'.repeat(1_000) }
      const expected = { status: 200, body: { decided: content, read: content } }
      expect(await post(path, key, { body: JSON.stringify(content) })).toEqual(expected)
      const text = JSON.stringify(content)
      expect(await post(path, key, chunked([text.slice(0, 30), text.slice(30)]))).toEqual(expected)
    },
  )

  it.each([...FORMS, '/api/agents'])(
    '%s reads no more than it may of a body without a length [HTTP-3]',
    async (path) => {
      handled.mockClear()
      const { key } = await createAgent(api, 'autonomous')
      const credential = path === '/api/agents' ? api.keys.admin : key
      const part = `"${'a'.repeat(65_000)}"`
      const { status, body } = await post(
        path,
        credential,
        chunked(['[', part, ',', part, ',', part, ',', part, ',', part, ']']),
      )
      expect([status, body.code]).toEqual([413, 'BODY_TOO_LARGE'])
      const stated = await post(path, credential, { body: `"${'a'.repeat(300_000)}"` })
      expect([stated.status, stated.body.code]).toEqual([413, 'BODY_TOO_LARGE'])
      expect(handled).not.toHaveBeenCalled()
    },
  )

  it('answers a body that never ends while it is still sent [HTTP-3]', async () => {
    const { key } = await createAgent(api, 'autonomous')
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const sent = httpRequest(url('/app/wrapper'), { method: 'POST', headers })
    sent.on('error', () => undefined)
    sent.write(`"${'a'.repeat(300_000)}`)
    const [response] = (await once(sent, 'response', { signal: AbortSignal.timeout(5_000) })) as [IncomingMessage]
    expect(response.statusCode).toBe(413)
    sent.destroy()
  })

  it('a client that goes away aborts the run [HTTP-1]', async () => {
    handled.mockClear()
    const { key } = await createAgent(api, 'autonomous')
    const controller = new AbortController()
    const sent = post('/app/slow', key, { body: '{}', signal: controller.signal }).catch(() => 'gone')
    await vi.waitFor(() => expect(handled).toHaveBeenCalledTimes(1), { timeout: 5_000 })
    controller.abort()
    expect(await sent).toBe('gone')
    await vi.waitFor(() => expect(handled).toHaveBeenCalledWith('aborted'), { timeout: 5_000 })
  })

  it('takes the first Authorization header only, and none that stands there twice in one [I-35]', async () => {
    const status = async (values: readonly string[]): Promise<number | undefined> => {
      const sent: ClientRequest = httpRequest(url('/api/agents'), {
        headers: ['host', 'here', ...values.flatMap((value) => ['authorization', value])],
      })
      sent.end()
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      response.resume()
      return response.statusCode
    }
    const good = `Bearer ${api.keys.admin}`
    expect(await status([good])).toBe(200)
    expect(await status(['Bearer nothing', good])).toBe(401)
    expect(await status([`${good}, ${good}`])).toBe(401)
  })

  it('a revoked key is refused from the next request on [AUTH-2]', async () => {
    const created = await api.admin.keys.create({ displayName: 'k', principalKind: 'agent', principalId: 'bot' })
    const status = async (): Promise<number> =>
      (await fetch(url('/api/agents/bot'), { headers: { authorization: `Bearer ${created.secret}` } })).status
    expect(await status()).toBe(200)
    await fetch(url(`/api/keys/${created.key.id}`), {
      method: 'DELETE',
      headers: { authorization: `Bearer ${api.keys.admin}` },
    })
    expect(await status()).toBe(401)
  })

  it('registers once of twenty at once with one idempotency key [I-22]', async () => {
    const headers = { 'idempotency-key': 'over-http' }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('/api/agents', api.keys.admin, { headers, body: '{"id":"over-http"}' })),
    )
    const statuses = answers.map(({ status, body }) => (status === 201 ? '201' : `${status} ${String(body.code)}`))
    expect(statuses.filter((status) => status !== '201' && status !== '409 IDEMPOTENCY_IN_FLIGHT')).toEqual([])
    expect(statuses).toContain('201')
  })
})

describe('a JWT over HTTP', () => {
  const now = (): number => Math.floor(Date.now() / 1_000)
  const sign = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'ada', workspace: 'default', exp: now() + 300, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt', ...header })
      .sign(privateKey)
  const read = async (token: string): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(url('/api/keys'), { headers: { authorization: `Bearer ${token}` } })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it('acts as its user with the roles of the membership [AUTH-4, AUTH-5]', async () => {
    expect((await read(await sign())).status).toBe(200)
    const viewer = await read(await sign({ sub: 'vic', roles: ['admin'] }))
    expect([viewer.status, viewer.body.code]).toEqual([403, 'PERMISSION_DENIED'])
  })

  it.each<[string, () => Promise<string>, number, string]>([
    ['another audience', () => sign({ aud: 'other' }), 401, 'CREDENTIAL_INVALID'],
    ['another issuer', () => sign({ iss: 'https://other.example' }), 401, 'CREDENTIAL_INVALID'],
    ['an end that has passed', () => sign({ exp: now() - 60 }), 401, 'CREDENTIAL_INVALID'],
    ['an address of its key', () => sign({}, { jku: 'http://127.0.0.1:9/' }), 401, 'CREDENTIAL_INVALID'],
    ['a workspace of which the user is no member', () => sign({ workspace: 'other' }), 404, 'WORKSPACE_UNKNOWN'],
    ['a user whom nobody knows', () => sign({ sub: 'eve' }), 404, 'WORKSPACE_UNKNOWN'],
  ])('with %s is refused [AUTH-4, I-35]', async (_name, make, status, code) => {
    const answer = await read(await make())
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })
})
