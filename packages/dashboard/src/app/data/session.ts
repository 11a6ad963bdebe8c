import { type ControlScope, connectGovernor, GovernanceError, type Identity, isErrorCode } from '@preceptor/client'
import { pageAddress } from './page-address.ts'

/** Who is signed in, and what the server puts the key in the place of. */
export interface SignedIn {
  readonly identity: Identity
  readonly token: string
}

/** Who is signed in, and how far the clock of the server is ahead of ours. */
export interface Session {
  readonly signedIn: SignedIn | null
  /** Milliseconds to add to `Date.now()`. */
  readonly clockOffset: number
  /** Who else signs people in; null for nobody. */
  readonly provider: string | null
  /** What the host has beside the gate itself, such as `learning`. */
  readonly features: readonly string[]
}

/** What the signed-in person may do; the key itself is in a cookie that no script reads. */
export function scopeOf({ identity, token }: SignedIn): ControlScope {
  return connectGovernor({ url: pageAddress('api'), token, allowPlainHttp: true, deadlineMs: 15_000 }).as(identity)
}

/** Asks who is signed in. */
export function readSession(signal?: AbortSignal): Promise<Session> {
  return request('GET', signal === undefined ? {} : { signal })
}

/** Where signing in by the provider begins; it comes back to the present page. */
export function providerAddress(): string {
  const page = new URL(location.href)
  page.searchParams.delete('sign-in')
  return pageAddress(`oidc/start?returnTo=${encodeURIComponent(page.pathname + page.search)}`).href
}

/** Signs in with an API key. @throws GovernanceError `CREDENTIAL_INVALID`, `WORKSPACE_UNKNOWN`, or the code of a fault. */
export function signIn(key: string): Promise<Session> {
  return request('POST', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key }) })
}

/** Signs out. */
export function signOut(): Promise<Session> {
  return request('DELETE', {})
}

async function request(method: string, init: RequestInit): Promise<Session> {
  const asked = Date.now()
  const response = await fetch(pageAddress('session'), { method, ...init }).catch(() => {
    throw new GovernanceError('GOVERNOR_UNREACHABLE')
  })
  const body: unknown = await response.json().catch(() => null)
  const answer = typeof body === 'object' && body !== null ? body : {}
  if (!response.ok) {
    const code: unknown = Reflect.get(answer, 'code')
    throw new GovernanceError(isErrorCode(code) ? code : 'GOVERNOR_UNREACHABLE')
  }
  const serverTime = Date.parse(String(Reflect.get(answer, 'serverTime')))
  const now = (asked + Date.now()) / 2
  const clockOffset = Number.isNaN(serverTime) ? 0 : Math.round(serverTime - now)
  // Our own server wrote it.
  const { identity, token, provider, features } = answer as {
    readonly identity: Identity | null
    readonly token: string
    readonly provider: string | null
    readonly features: readonly string[]
  }
  return { signedIn: identity === null ? null : { identity, token }, clockOffset, provider, features }
}
