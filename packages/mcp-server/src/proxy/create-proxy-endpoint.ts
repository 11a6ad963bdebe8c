import { type ControlPlane, GovernanceError, type Identity } from '@preceptor/client'
import { assertNotByHand } from '../assert-not-by-hand.ts'
import { type EndpointOptions, type McpEndpoint, openEndpoint } from '../http/open-endpoint.ts'
import { upstreamNames } from '../upstream/upstream-names.ts'
import { type GovernedProxyOptions, governedProxy } from './governed-proxy.ts'

/** Options of an endpoint of the proxy. */
export interface ProxyEndpointOptions extends Omit<GovernedProxyOptions, 'identity'>, EndpointOptions {
  /** The agent for which a service acts that has no other; an agent acts for itself. */
  readonly agent?: string
}

/** Each session has upstreams of its own, which may be processes. */
const LIMITS = { mostSessions: 100, mostSessionsOfCredential: 8 }

/**
 * Makes a gate in front of MCP servers over Streamable HTTP, as `governedProxy` does for one client. The bearer credential
 * of each request says which agent acts; a session belongs to the credential that began it, and has upstreams of its own.
 * There are at most 100 sessions, 8 of one credential, unless the options say otherwise.
 *
 * @throws GovernanceError `OPTION_INVALID` without an upstream.
 * @example
 * ```ts
 * import type { ControlPlane } from '@preceptor/client'
 * import { createProxyEndpoint } from '@preceptor/mcp-server'
 * import { Hono } from 'hono'
 *
 * export function createApp(governor: ControlPlane): Hono {
 *   const proxy = createProxyEndpoint(governor, { upstreams: { tools: { url: 'http://127.0.0.1:3001/mcp' } } })
 *   return new Hono().all('/mcp', (c) => proxy.fetch(c.req.raw))
 * }
 * ```
 */
export function createProxyEndpoint(governor: ControlPlane, options: ProxyEndpointOptions): McpEndpoint {
  const { agent, upstreams, catalogue, report = () => undefined, ...rest } = options
  const served = { upstreams, report, ...(catalogue && { catalogue }) }
  upstreamNames(Object.keys(upstreams))
  return openEndpoint(governor, { ...LIMITS, ...rest }, async (transport, { identity }) => {
    assertNotByHand(governor.as(identity))
    const proxy = governedProxy(governor, { ...served, identity, agent: agentOf(identity, agent) })
    const gone = proxy.serve(transport).catch((error: unknown) => report(`A session ended: ${String(error)}`))
    return {
      gone,
      async close() {
        await transport.close()
        await gone
      },
    }
  })
}

function agentOf({ principal }: Identity, agent: string | undefined): string {
  const acting = principal.kind === 'agent' ? principal.id : agent
  if (acting !== undefined) return acting
  throw new GovernanceError('AGENT_MISMATCH', {
    message: 'This endpoint does not know for which agent this credential acts.',
    hint: 'Use the credential of the agent itself.',
  })
}
