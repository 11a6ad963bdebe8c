import { GovernanceError, type Governor, type Identity, type Scope } from '@preceptor/client'
import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { GovernanceEnv } from './environment.ts'
import { errorResponse } from './problem.ts'
import { callerAddress } from './realtime/caller-address.ts'
import { noteCaller } from './requests/caller.ts'

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]+)$/
const KEY_IN_QUERY = /\?(?:.*&)?(?:access_token=|api_key=|[^=&]*=pcp_)/i

/**
 * Turns the bearer credential of each request into an identity, `c.var.identity`; a request without a valid one is
 * answered with 401. Only the `Authorization` header counts.
 *
 * @example
 * ```ts
 * import type { Governor } from '@preceptor/client'
 * import { type GovernanceEnv, identify } from '@preceptor/hono-middleware'
 * import { Hono } from 'hono'
 *
 * export function createApp(governor: Governor): Hono<GovernanceEnv> {
 *   const app = new Hono<GovernanceEnv>()
 *   app.use('*', identify(governor))
 *   return app
 * }
 * ```
 */
export function identify(governor: Governor): MiddlewareHandler<GovernanceEnv> {
  return createMiddleware<GovernanceEnv>(async (c, next) => {
    try {
      c.set('identity', await authenticateRequest(c, governor))
    } catch (error) {
      if (GovernanceError.isInstance(error)) return errorResponse(c, error)
      throw error
    }
    c.set('governor', governor)
    return next()
  })
}

/**
 * Reads the credential of a request and verifies it.
 *
 * @throws GovernanceError `PRINCIPAL_REQUIRED`, `CREDENTIAL_INVALID`, `WORKSPACE_UNKNOWN`, or the code of a fault.
 */
export async function authenticateRequest(c: Context, governor: Governor): Promise<Identity> {
  if (KEY_IN_QUERY.test(c.req.url)) {
    throw new GovernanceError('CREDENTIAL_INVALID', { message: 'An address is logged: revoke the credential in it.' })
  }
  const header = c.req.header('authorization')
  const credential = BEARER.exec(header ?? '')?.[1]
  if (credential !== undefined) return noteCaller(c, await governor.authenticate(credential, callerAddress(c)))
  throw new GovernanceError(header === undefined ? 'PRINCIPAL_REQUIRED' : 'CREDENTIAL_INVALID')
}

/**
 * Workspace and source follow from the credential: whoever names another one is told so.
 *
 * @throws GovernanceError `WORKSPACE_MISMATCH`, `SOURCE_MISMATCH`.
 */
export function assertClaims(c: Context, { workspace, source }: Pick<Scope, 'workspace' | 'source'>): void {
  const differs = (name: string, fact: string): boolean => (c.req.header(name) ?? fact) !== fact
  if (differs('preceptor-workspace', workspace)) throw new GovernanceError('WORKSPACE_MISMATCH')
  if (differs('preceptor-source', source)) throw new GovernanceError('SOURCE_MISMATCH')
}
