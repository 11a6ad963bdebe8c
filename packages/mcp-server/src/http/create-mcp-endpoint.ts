import type { ControlPlane } from '@preceptor/client'
import { type GovernanceServerOptions, openServer } from '../create-governance-server.ts'
import { type EndpointOptions, type McpEndpoint, openEndpoint } from './open-endpoint.ts'

/** Options of an endpoint of the governance tools. */
export interface McpEndpointOptions extends GovernanceServerOptions, EndpointOptions {}

/**
 * Makes an endpoint of the governance tools over Streamable HTTP, for Hono and every other server of web-standard requests.
 * The bearer credential of each request says who calls; a session belongs to the credential that began it.
 *
 * @example
 * ```ts
 * import type { ControlPlane } from '@preceptor/client'
 * import { createMcpEndpoint } from '@preceptor/mcp-server'
 * import { Hono } from 'hono'
 *
 * export function createApp(governor: ControlPlane): Hono {
 *   const endpoint = createMcpEndpoint(governor)
 *   return new Hono().all('/mcp', (c) => endpoint.fetch(c.req.raw))
 * }
 * ```
 */
export function createMcpEndpoint(governor: ControlPlane, options: McpEndpointOptions = {}): McpEndpoint {
  return openEndpoint(governor, options, async (transport, { identity }) => {
    const { server, ended } = openServer(governor, { ...options, identity })
    await server.connect(transport)
    return {
      async close() {
        await server.close()
        await ended()
      },
    }
  })
}
