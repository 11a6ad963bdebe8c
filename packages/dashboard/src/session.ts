import { type CallerAddress, GovernanceError, type HostPlane, type Identity } from '@preceptor/client'
import { callerAddress } from '@preceptor/hono-middleware'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { mountOf } from './mount.ts'
import { refuse } from './refuse.ts'

/** What the page is told of its session. */
interface SessionAnswer {
  /** Who is signed in; null for nobody. */
  readonly identity: Identity | null
  /** What the page sends in the place of a credential, which says for whom it was opened; null for nobody. */
  readonly token: string | null
  /** Who else signs people in, for the page to name; null for nobody. */
  readonly provider: string | null
  /** Plugins whose operations the host serves, by name: the page has pages for some. */
  readonly features: readonly string[]
  /** Time of the server, ISO 8601: clocks of browsers are wrong. */
  readonly serverTime: string
}

/** Stands behind a key that a sign-in made: whoever signs out has no more use for it. */
const OWN = '.own'
const LONGEST_KEY = 4_096
const CREDENTIAL = /^[A-Za-z0-9._~+/=-]+$/
/** No credential of these is worth telling apart: all of them mean that nobody is signed in. */
const SIGNED_OUT = new Set(['PRINCIPAL_REQUIRED', 'CREDENTIAL_INVALID', 'WORKSPACE_UNKNOWN'])

/** Signs people in in another way than by a key of their own. */
export interface SessionStore {
  /** How the page names it. */
  readonly provider: string
  /** Ends a session that it opened, by its key. */
  readonly end: (key: string) => Promise<void>
}

/** Opens a session by a key that was made for it and ends with it. */
export function openSession(c: Context, key: string): void {
  setCookie(c, nameOf(c), `${key}${OWN}`, cookieOptions(c))
}

/** What a session is opened with. */
export interface SessionOptions {
  readonly store?: SessionStore | undefined
  /** Plugins whose operations the host serves, by name. */
  readonly features: readonly string[]
}

/** Signing in, signing out, and saying who is signed in. */
export function sessionRoutes(app: Hono, governor: HostPlane, { store, features }: SessionOptions): void {
  const answer = (identity: Identity | null): Response => answerOf(identity, store?.provider ?? null, features)
  app.get('/session', async (c) => {
    const key = keyOf(c)
    if (key === undefined) return answer(null)
    try {
      return answer(await governor.authenticate(key, callerAddress(c)))
    } catch (error) {
      return GovernanceError.isInstance(error) && SIGNED_OUT.has(error.code) ? answer(null) : refuse(error)
    }
  })
  app.post('/session', async (c) => {
    try {
      const key = await readKey(c)
      const identity = await governor.authenticate(key, callerAddress(c))
      setCookie(c, nameOf(c), key, cookieOptions(c))
      return withCookies(c, answer(identity))
    } catch (error) {
      return refuse(error)
    }
  })
  app.delete('/session', async (c) => {
    const key = getCookie(c, nameOf(c))
    deleteCookie(c, nameOf(c), cookieOptions(c))
    try {
      if (key?.endsWith(OWN) === true) await store?.end(key.slice(0, -OWN.length))
      return withCookies(c, answer(null))
    } catch (error) {
      return withCookies(c, refuse(error))
    }
  })
}

/**
 * Hands the API the key of the session; whatever else came as a credential counts for nothing here, so that a page
 * cannot speak for another person than the one who signed in. A page that was opened for somebody else, in another tab
 * of the same browser, is refused: what its reader decides must not be on record as another's.
 */
export const bearerOfSession =
  (governor: HostPlane): MiddlewareHandler =>
  async (c, next) => {
    const key = keyOf(c)
    const headers = new Headers(c.req.raw.headers)
    const token = /^Bearer (session\..+)$/.exec(headers.get('authorization') ?? '')?.[1]
    if (
      key !== undefined &&
      token !== undefined &&
      !(await isTokenOf(governor, { key, token, from: callerAddress(c) }))
    ) {
      return refuse(new GovernanceError('CREDENTIAL_INVALID', { message: 'Somebody else is signed in by now.' }))
    }
    if (key !== undefined && CREDENTIAL.test(key)) headers.set('authorization', `Bearer ${key}`)
    else headers.delete('authorization')
    headers.delete('cookie')
    c.req.raw = new Request(c.req.raw, { headers })
    return next()
  }

/** Whether a page was opened for who is signed in; a key that is none is the matter of the API. */
async function isTokenOf(
  governor: HostPlane,
  { key, token, from }: { readonly key: string; readonly token: string; readonly from: CallerAddress },
): Promise<boolean> {
  const identity = await governor.authenticate(key, from).catch(() => null)
  return identity === null || tokenOf(identity) === token
}

function tokenOf({ workspace, principal: { kind, id } }: Identity): string {
  return `session.${Buffer.from(JSON.stringify([workspace, kind, id])).toString('base64url')}`
}

async function readKey(c: Context): Promise<string> {
  const body: unknown = await c.req.json().catch(() => undefined)
  const key = typeof body === 'object' && body !== null ? Reflect.get(body, 'key') : undefined
  if (typeof key !== 'string' || key.length > LONGEST_KEY || !CREDENTIAL.test(key.trim())) {
    throw new GovernanceError('CREDENTIAL_INVALID', { message: 'That is not an API key.' })
  }
  return key.trim()
}

function answerOf(identity: Identity | null, provider: string | null, features: readonly string[]): Response {
  const token = identity === null ? null : tokenOf(identity)
  const body: SessionAnswer = { identity, token, provider, features, serverTime: new Date().toISOString() }
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  return new Response(JSON.stringify(body), { headers })
}

/**
 * Cookies go with every port of a host: two planes on one machine must not sign each other out. Over https the name
 * makes the browser refuse a cookie that a neighbour of the host sets, which would sign people in as somebody else.
 */
function nameOf(c: Context): string {
  const { port } = new URL(c.req.url)
  const name = port === '' ? 'preceptor_session' : `preceptor_session_${port}`
  return isSecure(c) ? `__Host-${name}` : name
}

/** The key of the session, whoever opened it. */
function keyOf(c: Context): string | undefined {
  const value = getCookie(c, nameOf(c))
  return value?.endsWith(OWN) === true ? value.slice(0, -OWN.length) : value
}

/** Whether the browser speaks TLS, as far as this process knows. */
export function isSecure(c: Context): boolean {
  return new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https'
}

function cookieOptions(c: Context) {
  // A cookie that is bound to its host is for the whole of it.
  const secure = isSecure(c)
  return { path: secure ? '/' : mountOf(c).base, httpOnly: true, sameSite: 'Strict', secure } as const
}

function withCookies(c: Context, response: Response): Response {
  for (const cookie of c.res.headers.getSetCookie()) response.headers.append('set-cookie', cookie)
  return response
}
