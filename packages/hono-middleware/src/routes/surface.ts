import type { Surface } from '@preceptor/client'
import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'

const NAME = 'preceptor-surface'

/** What an adapter with a governor in another process says of itself; whatever else calls the API is the API. */
const NAMED: ReadonlySet<string> = new Set<Surface>(['cli', 'mcp', 'langchain'])

/**
 * Says for the routes behind it that requests come by this surface, for what is counted. No right depends on it.
 *
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { governanceApi, surface } from '@preceptor/hono-middleware'
 * import { Hono } from 'hono'
 *
 * export const createApp = (governor: HostPlane): Hono =>
 *   new Hono().use('/api/*', surface('dashboard')).route('/api', governanceApi(governor))
 * ```
 */
export function surface(name: Surface): MiddlewareHandler {
  return createMiddleware<{ Variables: { [NAME]: Surface } }>((c, next) => {
    c.set(NAME, name)
    return next()
  })
}

/** The surface that a request came by: what stands in front of the API says so, then the adapter that calls. */
export function surfaceOf(c: Context): Surface {
  const own: Surface | undefined = (c as Context<{ Variables: { [NAME]?: Surface } }>).get(NAME)
  if (own !== undefined) return own
  const named = c.req.header(NAME)
  return named !== undefined && NAMED.has(named) ? (named as Surface) : 'api'
}
