import { gzipSync } from 'node:zlib'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAppFiles } from './app-files.ts'
import { dashboard } from './dashboard.ts'

const ORIGIN = 'http://localhost'
const OWN = { 'sec-fetch-site': 'same-origin', origin: ORIGIN, 'content-type': 'application/json' }
const MOST_BYTES = 180_000
const MOST_BYTES_IN_ALL = 450_000
const STOP = JSON.stringify({ target: 'agent', agent: 'listed-bot', reason: 'a test' })

let test: TestGovernor
let key = ''
let app: Hono

beforeAll(async () => {
  test = await createTestGovernor()
  const ana = { displayName: 'ana', principalKind: 'user', principalId: 'ana', roles: ['supervisor'] } as const
  await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  key = (await test.admin.keys.create(ana)).secret
  app = new Hono().route('/admin/governance', dashboard(test.governor))
})
afterAll(() => test.close())

const at = (path: string): string => `/admin/governance${path}`
const post = (body: unknown, headers: Record<string, string> = OWN, path = '/session') =>
  app.request(at(path), { method: 'POST', headers, body: JSON.stringify(body) })
const cookieOf = (response: Response): string => response.headers.getSetCookie()[0] ?? ''
const signIn = async (): Promise<string> => cookieOf(await post({ key })).split(';')[0] ?? ''

describe('the page', () => {
  it('is answered for every path below the mount, with its base, and is never stored [DASH-4]', async () => {
    for (const path of ['', '/', '/inbox', '/inbox/prp_1?risk=high']) {
      const response = await app.request(at(path))
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.text()).toContain('<base href="/admin/governance/" />')
    }
  })

  it('takes the prefix of a proxy, and nothing that is no plain path [DASH-4]', async () => {
    const baseWith = async (prefix: string): Promise<string | undefined> => {
      const response = await app.request(at('/inbox'), { headers: { 'x-forwarded-prefix': prefix } })
      return /<base href="([^"]*)"/.exec(await response.text())?.[1]
    }
    expect(await baseWith('/outside')).toBe('/outside/admin/governance/')
    expect(await baseWith('/a/b-c/')).toBe('/a/b-c/admin/governance/')
    for (const hostile of [
      '//evil.example',
      'https://evil.example',
      '/a"><script>',
      '/../x',
      '/a/../b',
      '/a b',
      'x',
      '/',
    ]) {
      expect(await baseWith(hostile), hostile).toBe('/admin/governance/')
    }
  })

  it('comes with a strict policy, as do the API and the sign-in [DASH-4]', async () => {
    for (const path of ['/', '/session', '/api/agents', '/assets/none.js']) {
      const { headers } = await app.request(at(path))
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self';/,
      )
      expect(headers.get('content-security-policy')).not.toContain('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toMatch(
        /frame-ancestors 'none'.*require-trusted-types-for 'script'; trusted-types 'none'$/,
      )
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('permissions-policy')).toContain('camera=()')
    }
  })

  it('answers by the names of the host only, where it has a list of them [I-37]', async () => {
    const named = new Hono().route('/', dashboard(test.governor, { allowedHosts: ['desk.example', 'localhost'] }))
    const statusOf = async (path: string, host: string): Promise<number> =>
      (await named.request(path, { headers: { host } })).status
    for (const path of ['/', '/session', '/api/healthz', '/api/agents']) {
      for (const host of ['evil.example:4600', 'desk.example.evil.example', '10.0.0.1', '']) {
        expect([path, host, await statusOf(path, host)]).toEqual([path, host, 403])
      }
      expect(await statusOf(path, 'DESK.example:8443')).not.toBe(403)
    }
    expect((await app.request(at('/'), { headers: { host: 'whatever.example' } })).status).toBe(200)
  })

  it('takes no change that a form of another site could send with the cookie [I-37]', async () => {
    await test.register('listed-bot', 'student')
    const cookie = await signIn()
    const send = (headers: Record<string, string>) =>
      app.request(at('/api/stops'), { method: 'POST', headers: { cookie, ...headers }, body: STOP })
    const [json, own] = [{ 'content-type': 'application/json' }, { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }]
    for (const headers of [
      { ...json, origin: 'https://evil.example' },
      { ...json, origin: 'null' },
      { ...json, 'sec-fetch-site': 'cross-site' },
      { ...json, 'sec-fetch-site': 'same-site', origin: 'http://other.localhost' },
      { ...json, 'sec-fetch-site': 'none' },
      json,
      { ...own, 'content-type': 'text/plain' },
      { ...own, 'content-type': 'text/plain; application/json' },
      { ...own, 'content-type': 'application/x-www-form-urlencoded' },
      { ...own, 'content-type': 'multipart/form-data; boundary=x' },
      { ...own, 'content-type': '' },
    ]) {
      const response = await send(headers)
      expect([headers, response.status >= 400 && response.status < 500]).toEqual([headers, true])
    }
    const bare = new Request(`${ORIGIN}${at('/api/stops')}`, {
      method: 'POST',
      headers: { cookie, ...own },
      body: new Blob([STOP]),
    })
    bare.headers.delete('content-type')
    expect((await app.request(bare)).status).toBe(400)
    expect((await test.admin.stops.list()).items).toEqual([])
    expect((await send({ ...json, ...own })).status).toBe(201)
  })

  it('has files that are kept for ever under their hashes, compressed where that is taken [DASH-4]', async () => {
    const [path = '', file] = [...readAppFiles().assets].find(([name]) => name.endsWith('.js')) ?? []
    const plain = await app.request(at(`/${path}`))
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(Buffer.compare(Buffer.from(await plain.arrayBuffer()), file?.bytes ?? new Uint8Array())).toBe(0)
    const packed = await app.request(at(`/${path}`), { headers: { 'accept-encoding': 'br, gzip' } })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect((await app.request(at('/assets/index-of-another-release.js'))).status).toBe(404)
  })

  it('has at most 180 kB of compressed script before the inbox is there, and 450 kB in all [DASH-8]', () => {
    const { index, assets } = readAppFiles()
    const sizes = [...assets].filter(([name]) => name.endsWith('.js'))
    const sum = (scripts: typeof sizes): number =>
      scripts.reduce((all, [, { bytes }]) => all + gzipSync(bytes).length, 0)
    // Vite names in the page what the first script imports without waiting for anything.
    const first = sizes.filter(([name]) => index.includes(name))
    expect(first.length).toBeGreaterThan(0)
    expect(sum(first)).toBeLessThanOrEqual(MOST_BYTES)
    expect(sum(sizes)).toBeLessThanOrEqual(MOST_BYTES_IN_ALL)
  })
})

describe('a session', () => {
  it('begins with a key that goes into a cookie of this path, and into no answer [DASH-7]', async () => {
    const response = await post({ key })
    expect(cookieOf(response)).toBe(`preceptor_session=${key}; Path=/admin/governance/; HttpOnly; SameSite=Strict`)
    const text = await response.text()
    expect(text).not.toContain(key)
    expect(JSON.parse(text)).toMatchObject({ identity: { workspace: 'default', principal: { id: 'ana' } } })
  })

  it('has a cookie for https only where the page came so [DASH-7]', async () => {
    const response = await post({ key }, { ...OWN, 'x-forwarded-proto': 'https' })
    expect(cookieOf(response)).toBe(`__Host-preceptor_session=${key}; Path=/; HttpOnly; Secure; SameSite=Strict`)
  })

  it('over https takes no cookie that a neighbour of the host could have set [I-37]', async () => {
    const https = { 'x-forwarded-proto': 'https' }
    const me = (cookie: string) => app.request(at('/session'), { headers: { ...https, cookie } })
    expect(await (await me(`preceptor_session=${key}`)).json()).toMatchObject({ identity: null })
    const cookie = `__Host-preceptor_session=${key}`
    expect(await (await me(cookie)).json()).toMatchObject({ identity: { principal: { id: 'ana' } } })
    const agents = await app.request(at('/api/agents'), { headers: { ...https, cookie } })
    expect(agents.status).toBe(200)
    const ended = await app.request(at('/session'), { method: 'DELETE', headers: { ...OWN, ...https, cookie } })
    expect(cookieOf(ended)).toMatch(/^__Host-preceptor_session=; Max-Age=0; Path=\/;.* Secure/)
  })

  it('says who is signed in, and ends [DASH-7]', async () => {
    const cookie = await signIn()
    const me = await app.request(at('/session'), { headers: { cookie } })
    expect(await me.json()).toMatchObject({ identity: { principal: { id: 'ana' } } })
    expect(await (await app.request(at('/session'))).json()).toMatchObject({ identity: null })
    const ended = await app.request(at('/session'), { method: 'DELETE', headers: { ...OWN, cookie } })
    expect(cookieOf(ended)).toMatch(/^preceptor_session=; Max-Age=0; Path=\/admin\/governance\//)
  })

  it.each([{}, { key: 5 }, { key: '' }, { key: 'a b' }, { key: 'pcp_unknown' }, null])(
    'does not begin with %j [DASH-7]',
    async (body) => {
      const response = await post(body)
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ code: 'CREDENTIAL_INVALID' })
      expect(response.headers.getSetCookie()).toEqual([])
    },
  )

  it('opens the API, which takes no other credential here [DASH-7]', async () => {
    const list = (headers: Record<string, string>) => app.request(at('/api/maturity/proposals'), { headers })
    expect((await list({})).status).toBe(401)
    expect((await list({ authorization: `Bearer ${key}` })).status).toBe(401)
    const cookie = await signIn()
    expect((await list({ cookie })).status).toBe(200)
    expect((await list({ cookie, authorization: 'Bearer session' })).status).toBe(200)
  })

  it('is refused to a page that was opened for somebody else [DASH-7, I-5]', async () => {
    const cookie = await signIn()
    const answered = await app.request(at('/session'), { headers: { cookie } })
    const me = (await answered.json()) as { readonly token: string }
    const list = (authorization: string) =>
      app.request(at('/api/maturity/proposals'), { headers: { cookie, authorization } })
    expect((await list(`Bearer ${me.token}`)).status).toBe(200)
    const other = Buffer.from(JSON.stringify(['default', 'user', 'ben'])).toString('base64url')
    const refused = await list(`Bearer session.${other}`)
    expect(refused.status).toBe(401)
    expect(await refused.json()).toMatchObject({ code: 'CREDENTIAL_INVALID' })
  })

  it('is of no use to another site [DASH-7]', async () => {
    const cookie = await signIn()
    const send = (headers: Record<string, string>) =>
      app.request(at('/api/agents/bot/pause'), {
        method: 'POST',
        headers: { cookie, ...headers },
        body: '{"reason":"x"}',
      })
    const json = { 'content-type': 'application/json' }
    for (const foreign of [
      { ...json, 'sec-fetch-site': 'cross-site' },
      { ...json, 'sec-fetch-site': 'same-site', origin: ORIGIN },
      { ...json, 'sec-fetch-site': 'none' },
      { ...json, origin: 'http://evil.example' },
      { ...json, origin: 'null' },
      json,
    ]) {
      const response = await send(foreign)
      expect(await response.json(), JSON.stringify(foreign)).toMatchObject({ code: 'ORIGIN_REFUSED' })
    }
    const form = await send({ 'content-type': 'text/plain', 'content-length': '14', 'sec-fetch-site': 'same-origin' })
    expect(await form.json()).toMatchObject({ code: 'BODY_NOT_JSON' })
    const read = await app.request(at('/api/agents'), { headers: { cookie, 'sec-fetch-site': 'cross-site' } })
    expect(read.status).toBe(403)
    // By its own origin it gets through to the operation, which knows no such agent.
    expect((await send({ ...json, origin: ORIGIN, host: 'localhost' })).status).toBe(404)
  })
})
