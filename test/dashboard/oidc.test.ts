import { createServer, type RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { dashboard, type OidcOptions } from '@preceptor/dashboard'
import { Hono } from 'hono'
import { generateKeyPair, UnsecuredJWT } from 'jose'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import {
  type Browser,
  type Forgery,
  type HostileProvider,
  type Listening,
  listenOn,
  openBrowser,
  openHostileProvider,
} from './oidc.test.helper.ts'

const CLIENT = 'preceptor'
const SECRET = 'a-secret-of-the-client-that-is-long-enough'
const BASE = '/admin/dashboard'

let test: TestGovernor
let desk: Listening
let provider: Listening
let hostile: HostileProvider
let route: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 })
const mounts = new Map<string, OidcOptions>()

/** Mounts a dashboard that signs people in by a provider. */
function mount(options: Partial<OidcOptions> & Pick<OidcOptions, 'issuer'>): string {
  const base = `${BASE}-${mounts.size}`
  const publicUrl = `${desk.address}${base}`
  mounts.set(base, { clientId: CLIENT, clientSecret: SECRET, publicUrl, ...options })
  const app = new Hono()
  for (const [path, oidc] of mounts) app.route(path, dashboard(test.governor, { oidc }))
  route = (request) => app.fetch(request)
  return publicUrl
}

beforeAll(async () => {
  test = await createTestGovernor({ workspaces: ['default', 'other'] })
  await test.admin.members.put('root', { displayName: 'Root', roles: ['admin'] })
  desk = await listenOn(createServer(getRequestListener((request) => route(request))))
  hostile = await openHostileProvider(CLIENT)
  provider = await openProvider()
}, 60_000)
beforeEach(() => test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] }))
afterAll(async () => {
  await Promise.all([desk, provider, hostile].map((one) => one.close()))
  await test.close()
})

/** A true provider, in which everybody is whoever they say. */
async function openProvider(): Promise<Listening> {
  // Its address is part of what it is, so that the port is taken first.
  let listener: RequestListener | undefined
  const listening = await listenOn(createServer((request, response) => void listener?.(request, response)))
  const redirectUris = [0, 1, 2, 3].map((n) => `${desk.address}${BASE}-${n}/oidc/callback`)
  const instance = new Provider(listening.address, {
    clients: [
      {
        client_id: CLIENT,
        client_secret: SECRET,
        redirect_uris: redirectUris,
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    cookies: { keys: ['one-key-of-the-provider'] },
    pkce: { required: () => true },
    // Without these it prints that it goes by its own.
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
  })
  listener = instance.callback()
  return listening
}

const isCallback = (address: string): boolean => new URL(address).pathname.endsWith('/oidc/callback')

/** Goes to the provider, signs in there and consents; gives the address that leads back. */
async function comeBack(browser: Browser, publicUrl: string, { as = 'ana', returnTo = '' } = {}): Promise<string> {
  const start = `${publicUrl}/oidc/start?returnTo=${encodeURIComponent(returnTo)}`
  let { at } = await browser.follow(start, isCallback)
  for (const body of [{ prompt: 'login', login: as, password: 'x' }, { prompt: 'consent' }]) {
    if (isCallback(at)) return at
    const answered = await browser.ask(at, { method: 'POST', body: new URLSearchParams(body) })
    const next = new URL(answered.headers.get('location') ?? '', at).href
    at = (await browser.follow(next, isCallback)).at
  }
  return at
}

/** Where the callback leads. */
async function arrive(browser: Browser, callback: string): Promise<string> {
  return (await browser.ask(callback)).headers.get('location') ?? ''
}

const sessionOf = async (browser: Browser, publicUrl: string) =>
  (await browser.ask(`${publicUrl}/session`)).json() as Promise<{
    readonly identity: { readonly principal: { readonly id: string; readonly roles: readonly string[] } } | null
    readonly provider: string | null
  }>

function changeAttempt(browser: Browser, change: object): void {
  const jar = browser.cookies.get(new URL(desk.address).host)
  const kept = JSON.parse(Buffer.from(jar?.get('preceptor_sign_in') ?? '', 'base64url').toString())
  jar?.set('preceptor_sign_in', Buffer.from(JSON.stringify({ ...kept, ...change })).toString('base64url'))
}

describe('signing in by a provider', () => {
  let publicUrl = ''
  beforeAll(() => {
    publicUrl = mount({ issuer: provider.address, label: 'Example' })
  })

  it(
    verifies('OIDC-1', 'makes a session of the member, with the roles of the database, until it is signed out'),
    async () => {
      const browser = openBrowser()
      expect(await sessionOf(browser, publicUrl)).toMatchObject({ identity: null, provider: 'Example' })
      const page = `${new URL(publicUrl).pathname}/inbox?risk=high`
      const callback = await comeBack(browser, publicUrl, { returnTo: page })
      const response = await browser.ask(callback)
      expect([response.status, response.headers.get('location')]).toEqual([303, `${desk.address}${page}`])
      const session = response.headers.getSetCookie().find((line) => line.startsWith('preceptor_session')) ?? ''
      expect(session).toMatch(/; HttpOnly; SameSite=Strict$/)
      expect(await sessionOf(browser, publicUrl)).toMatchObject({
        identity: { workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['supervisor'] } },
      })
      expect((await browser.ask(`${publicUrl}/api/agents`)).status).toBe(200)
      const kept = new Map(browser.cookies.get(new URL(desk.address).host))
      const own = { origin: desk.address, 'sec-fetch-site': 'same-origin' }
      expect((await browser.ask(`${publicUrl}/session`, { method: 'DELETE', headers: own })).status).toBe(200)
      expect(await sessionOf(browser, publicUrl)).toMatchObject({ identity: null })
      // What somebody kept of it is worth nothing.
      browser.cookies.set(new URL(desk.address).host, kept)
      expect((await browser.ask(`${publicUrl}/api/agents`)).status).toBe(401)
    },
  )

  it(
    verifies(['OIDC-1', 'AUTH-8'], 'ends within 5 s of the removal of the member, and with a role that is lost'),
    async () => {
      const browser = openBrowser()
      await arrive(browser, await comeBack(browser, publicUrl))
      await test.admin.members.put('ana', { displayName: 'Ana', roles: ['viewer'] })
      const roles = async () => (await sessionOf(browser, publicUrl)).identity?.principal.roles
      await expect.poll(roles, { timeout: 5_000 }).toEqual([])
      await test.admin.members.remove('ana')
      const status = async () => (await browser.ask(`${publicUrl}/api/agents`)).status
      await expect.poll(status, { timeout: 5_000 }).toBe(401)
    },
  )

  it(verifies('OIDC-1', 'tells whoever is no member of the workspace so, and makes nothing'), async () => {
    const browser = openBrowser()
    const other = test.governor.as({ workspace: 'other', principal: { kind: 'system', id: 'host', roles: [] } })
    await other.members.put('eve', { displayName: 'Eve', roles: ['admin'] })
    const before = (await test.admin.keys.list({ limit: 100 })).items.length
    expect(await arrive(browser, await comeBack(browser, publicUrl, { as: 'eve' }))).toBe(
      `${publicUrl}/?sign-in=unknown`,
    )
    expect(await sessionOf(browser, publicUrl)).toMatchObject({ identity: null })
    expect((await test.admin.keys.list({ limit: 100 })).items).toHaveLength(before)
  })

  it.each<[string, (callback: URL, browser: Browser) => void, string]>([
    ['another state', (url) => url.searchParams.set('state', 'x'.repeat(43)), 'failed'],
    ['no state', (url) => url.searchParams.delete('state'), 'failed'],
    ['another code', (url) => url.searchParams.set('code', 'x'.repeat(43)), 'failed'],
    ['no code', (url) => url.searchParams.delete('code'), 'failed'],
    ['two codes', (url) => url.searchParams.append('code', 'x'), 'failed'],
    ['the issuer of somebody else', (url) => url.searchParams.set('iss', 'https://evil.example'), 'failed'],
    ['no issuer, which the provider always names', (url) => url.searchParams.delete('iss'), 'failed'],
    ['a nonce of another sign-in', (_, browser) => changeAttempt(browser, { nonce: 'x'.repeat(43) }), 'failed'],
    ['a verifier of another sign-in', (_, browser) => changeAttempt(browser, { verifier: 'x'.repeat(43) }), 'failed'],
    ['a sign-in of which parts are missing', (_, browser) => changeAttempt(browser, { nonce: 7 }), 'expired'],
    ['no sign-in that began here', (_, browser) => browser.cookies.clear(), 'expired'],
    ['a refusal of the person', (url) => url.searchParams.set('error', 'access_denied'), 'refused'],
    ['an error of the provider', (url) => url.searchParams.set('error', 'server_error'), 'failed'],
  ])(verifies('OIDC-2', 'is refused with %s'), async (_, change, why) => {
    const browser = openBrowser()
    const callback = new URL(await comeBack(browser, publicUrl))
    change(callback, browser)
    expect(await arrive(browser, callback.href)).toBe(`${publicUrl}/?sign-in=${why}`)
    expect(await sessionOf(browser, publicUrl)).toMatchObject({ identity: null })
  })

  it(verifies('OIDC-2', 'takes a code once, and only in the browser that began'), async () => {
    const [browser, thief] = [openBrowser(), openBrowser()]
    const callback = await comeBack(browser, publicUrl)
    expect(await arrive(thief, callback)).toBe(`${publicUrl}/?sign-in=expired`)
    // With a sign-in of the own it is the wrong one.
    await comeBack(thief, publicUrl, { as: 'eve' })
    expect(await arrive(thief, callback)).toBe(`${publicUrl}/?sign-in=failed`)
    const kept = new Map(browser.cookies.get(new URL(desk.address).host))
    expect(await arrive(browser, callback)).toBe(`${publicUrl}/`)
    browser.cookies.set(new URL(desk.address).host, kept)
    expect(await arrive(browser, callback)).toBe(`${publicUrl}/?sign-in=failed`)
  })

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '\\\\evil.example',
    '/admin/dashboard-0/../../evil',
    '/admin/dashboard-0/\t/evil.example',
    'javascript:alert(1)',
    '/elsewhere',
    '/admin/dashboard-0evil/',
    '/admin/dashboard-0/oidc/start',
    '',
  ])(verifies('OIDC-2', 'leads nowhere but into the dashboard, asked to return to %j'), async (returnTo) => {
    const browser = openBrowser()
    expect(await arrive(browser, await comeBack(browser, publicUrl, { returnTo }))).toBe(`${publicUrl}/`)
  })

  it(verifies('OIDC-2', 'leads nowhere else either when the browser was made to keep another address'), async () => {
    const browser = openBrowser()
    const callback = await comeBack(browser, publicUrl)
    changeAttempt(browser, { returnTo: '//evil.example/' })
    expect(await arrive(browser, callback)).toBe(`${publicUrl}/`)
  })

  it(verifies('OIDC-2', 'tells the person so while the provider is away'), async () => {
    const away = mount({ issuer: 'http://127.0.0.1:9' })
    const browser = openBrowser()
    expect(await arrive(browser, `${away}/oidc/start`)).toBe(`${away}/?sign-in=unavailable`)
    expect((await browser.ask(`${away}/session`)).status).toBe(200)
  })
})

describe('a provider that lies', () => {
  let publicUrl = ''
  beforeAll(() => {
    publicUrl = mount({ issuer: hostile.address })
  })

  /** Begins a sign-in and comes back with a code, to which the provider answers what it is told to. */
  async function signIn(forgery: Forgery): Promise<string> {
    const browser = openBrowser()
    const asked = new URL((await browser.ask(`${publicUrl}/oidc/start`)).headers.get('location') ?? '')
    hostile.nonce = asked.searchParams.get('nonce') ?? ''
    hostile.forgery = forgery
    return arrive(browser, `${publicUrl}/oidc/callback?code=c&state=${asked.searchParams.get('state')}`)
  }

  it(verifies('OIDC-2', 'is believed when it does not: what follows is refused for what it says'), async () => {
    expect(await signIn({})).toBe(`${publicUrl}/`)
  })

  const past = Math.floor(Date.now() / 1_000) - 3_600
  it.each<[string, Forgery | (() => Promise<Forgery>)]>([
    ['of no token', { idToken: null }],
    ['without a signature', async () => ({ idToken: new UnsecuredJWT({ sub: 'ana', nonce: hostile.nonce }).encode() })],
    ['by the key of somebody else', async () => ({ key: (await generateKeyPair('RS256')).privateKey })],
    [
      'by the secret of the client',
      { key: new TextEncoder().encode(SECRET), header: { alg: 'HS256', kid: undefined } },
    ],
    ['for another client', { claims: { aud: 'somebody-else' } }],
    ['for several clients', { claims: { aud: [CLIENT, 'somebody-else'] } }],
    ['of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['of another sign-in', { claims: { nonce: 'x' } }],
    ['of no sign-in', { claims: { nonce: undefined } }],
    ['that has expired', { claims: { exp: past } }],
    ['that never ends', { claims: { exp: undefined } }],
    ['of nobody', { claims: { sub: '' } }],
    ['of a number', { claims: { sub: 7 } }],
    ['of a name without end', { claims: { sub: 'x'.repeat(300) } }],
  ])(verifies('OIDC-2', 'is refused with a token %s'), async (_, forgery) => {
    expect(await signIn(typeof forgery === 'function' ? await forgery() : forgery)).toBe(`${publicUrl}/?sign-in=failed`)
  })
})

describe('the options of the provider', () => {
  it.each<[string, Partial<OidcOptions>]>([
    ['a plain address', { issuer: 'http://issuer.example' }],
    ['no address', { issuer: 'issuer' }],
    ['a name and a password in the address', { issuer: 'https://a:b@issuer.example' }],
    ['a plain address of the dashboard', { publicUrl: 'http://desk.example' }],
    ['an address of the dashboard with a query', { publicUrl: 'https://desk.example/?a=b' }],
    ['no client', { clientId: '' }],
    ['an empty secret', { clientSecret: '' }],
    ['a session without end', { sessionMs: Number.POSITIVE_INFINITY }],
  ])(verifies('OIDC-2', 'refuse %s'), (_, wrong) => {
    const oidc = { issuer: 'https://issuer.example', clientId: CLIENT, publicUrl: 'https://desk.example', ...wrong }
    expect(() => dashboard(test.governor, { oidc })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  })
})
