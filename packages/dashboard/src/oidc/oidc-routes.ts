import { type CreatedApiKey, GovernanceError, type HostPlane, type HostScope, type Membership } from '@preceptor/client'
import type { Context, Hono } from 'hono'
import { openSession, type SessionStore } from '../session.ts'
import { type OidcOptions, type ParsedOidcOptions, parseOidcOptions } from './oidc-options.ts'
import { createOidcProvider, type OidcProvider } from './oidc-provider.ts'
import { keepAttempt, takeAttempt } from './sign-in-attempt.ts'

/** Why a sign-in failed, as the page is told: it says so in words. */
type Failure = 'refused' | 'expired' | 'failed' | 'unknown' | 'unavailable'

/**
 * Adds signing in by a provider. Whoever comes back is looked up among the members of the workspace, and gets a session of
 * their own: an API key that ends by itself, has no role that the member has not, and is revoked when they sign out.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function oidcRoutes(app: Hono, governor: HostPlane, given: OidcOptions): SessionStore {
  const options = parseOidcOptions(given)
  const provider = createOidcProvider(options)
  const scope = governor.as({
    workspace: options.workspace,
    principal: { kind: 'system', id: 'dashboard', roles: [] },
  })
  app.get('/oidc/start', async (c) => {
    try {
      const { address, attempt } = await provider.begin(pathBelow(options.publicUrl, c.req.query('returnTo')))
      keepAttempt(c, attempt)
      return redirect(c, address.href)
    } catch (error) {
      return fail(c, options, error)
    }
  })
  app.get('/oidc/callback', async (c) => {
    const attempt = takeAttempt(c)
    try {
      if (attempt === undefined) return failed(c, options, 'expired')
      if (c.req.query('error') === 'access_denied') return failed(c, options, 'refused')
      const { secret } = await admit({ provider, scope, options }, new URL(c.req.url).search, attempt)
      openSession(c, secret)
      return redirect(c, new URL(pathBelow(options.publicUrl, attempt.returnTo), options.publicUrl).href)
    } catch (error) {
      return fail(c, options, error)
    }
  })
  return {
    provider: options.label,
    end: async (key) => {
      const identity = await governor.authenticate(key).catch(() => undefined)
      const id = identity?.principal.credential
      if (identity?.workspace === options.workspace && id !== undefined) await scope.keys.revoke(id)
    },
  }
}

interface Admission {
  readonly provider: OidcProvider
  readonly scope: HostScope
  readonly options: ParsedOidcOptions
}

async function admit(
  { provider, scope, options }: Admission,
  query: string,
  attempt: Parameters<OidcProvider['end']>[1],
): Promise<CreatedApiKey> {
  const subject = await provider.end(query, attempt)
  const member = await findMember(scope, subject)
  if (member === undefined) throw new GovernanceError('WORKSPACE_UNKNOWN')
  return scope.keys.create({
    displayName: `Signed in by ${options.label}`.slice(0, 200),
    principalKind: 'user',
    principalId: subject,
    roles: member.roles,
    expiresAt: new Date(Date.now() + options.sessionMs).toISOString(),
  })
}

async function findMember({ members }: HostScope, userId: string): Promise<Membership | undefined> {
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof members.list>> = await members.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    })
    const member = page.items.find((item) => item.userId === userId)
    if (member !== undefined) return member
    cursor = page.next
  } while (cursor !== null)
  return undefined
}

/** A path of the dashboard; whatever else was asked for becomes its first page. */
function pathBelow(publicUrl: string, path = ''): string {
  const first = `${new URL(publicUrl).pathname.replace(/\/+$/, '')}/`
  // Browsers read a backslash as a slash, and two of them name another host.
  if (!URL.canParse(path, publicUrl) || !/^\/(?![/\\])[^\\\s]*$/.test(path)) return first
  const url = new URL(path, publicUrl)
  const isOwn = url.origin === new URL(publicUrl).origin && url.pathname.startsWith(first)
  return isOwn && !url.pathname.startsWith(`${first}oidc/`) ? `${url.pathname}${url.search}` : first
}

function fail(c: Context, options: ParsedOidcOptions, error: unknown): Response {
  const code = GovernanceError.isInstance(error) ? error.code : 'INTERNAL'
  if (code === 'WORKSPACE_UNKNOWN') return failed(c, options, 'unknown')
  return failed(c, options, code === 'CREDENTIAL_INVALID' ? 'failed' : 'unavailable')
}

function failed(c: Context, { publicUrl }: ParsedOidcOptions, why: Failure): Response {
  return redirect(c, `${publicUrl}/?sign-in=${why}`)
}

function redirect(c: Context, address: string): Response {
  c.header('cache-control', 'no-store')
  return c.redirect(address, 303)
}
