import type { CallerAddress } from '@preceptor/client'
import type { Context } from 'hono'

/**
 * Where a request came from, as far as the server tells: that of `@hono/node-server` does.
 *
 * @example
 * ```ts
 * import { callerAddress } from '@preceptor/hono-middleware'
 * import type { McpEndpoint } from '@preceptor/mcp-server'
 * import { Hono } from 'hono'
 *
 * export const createApp = (endpoint: McpEndpoint): Hono =>
 *   new Hono().all('/mcp', (c) => endpoint.fetch(c.req.raw, callerAddress(c)))
 * ```
 */
export function callerAddress(c: Context): CallerAddress {
  const peer: unknown = c.env?.incoming?.socket?.remoteAddress
  return {
    peer: typeof peer === 'string' ? peer : undefined,
    forwardedFor: c.req.header('x-forwarded-for'),
  }
}
