import type { Governor, GuardCall, Identity } from '@preceptor/client'

/**
 * The variables that the middleware sets, for apps and sub-apps that read them.
 *
 * @example
 * ```ts
 * import type { GovernanceEnv } from '@preceptor/hono-middleware'
 * import { Hono } from 'hono'
 *
 * export const orders = new Hono<GovernanceEnv>()
 * orders.get('/me', (c) => c.json({ id: c.var.identity.principal.id }))
 * ```
 */
export interface GovernanceEnv {
  Variables: {
    /** Set by `identify`, `governance` and `governed`. */
    identity: Identity
    /** Set by `identify`. */
    governor: Governor
    /** Set by `governance` and `governed` before the handler runs: the decision, the args as parsed, the signal. */
    governance: GuardCall
  }
}
