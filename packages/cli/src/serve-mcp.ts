import type { ControlPlane } from '@preceptor/client'
import type { AuthorizationOptions, McpEndpoint } from '@preceptor/mcp-server'
import { Hono } from 'hono'
import type { CommandCall, Flag } from './command.ts'
import { jwtOf } from './jwt-of.ts'

/** Where assistants reach the governance tools, below the address of the server. */
export const MCP = '/mcp'

/** The flag of every command that serves assistants, too. */
export const MCP_FLAG: Readonly<Record<string, Flag>> = {
  'mcp-decisions': { summary: 'let people decide in dialogues of their assistant' },
  'no-mcp': { summary: `do not answer assistants at ${MCP}` },
}

/** What assistants are told of who gives tokens: a token for this endpoint has its address as audience. */
export function authorizationOf(env: CommandCall['host']['env']): AuthorizationOptions | undefined {
  const { issuer, audience } = jwtOf(env) ?? {}
  if (issuer === undefined || audience === undefined || !/^https?:/.test(audience) || !URL.canParse(audience)) {
    return undefined
  }
  return { resource: audience, servers: [issuer] }
}

/** The governance tools over Streamable HTTP, as part of a server. */
export interface ServedMcp {
  readonly routes: Hono
  close(): Promise<void>
}

/** Makes the routes of the endpoint, and of what it says about itself where tokens are taken. */
export async function serveMcp(
  { host: { env, note } }: Pick<CommandCall, 'host'>,
  governor: ControlPlane,
  {
    allowedHosts,
    allowDecisions,
    dashboardUrl,
  }: {
    readonly allowedHosts: readonly string[]
    readonly allowDecisions: boolean
    readonly dashboardUrl: string | undefined
  },
): Promise<ServedMcp> {
  const [{ createMcpEndpoint }, { callerAddress }, { learning }] = await Promise.all([
    import('@preceptor/mcp-server'),
    import('@preceptor/hono-middleware'),
    import('@preceptor/learning/client'),
  ])
  const authorization = authorizationOf(env)
  const endpoint: McpEndpoint = createMcpEndpoint(governor, {
    allowedHosts,
    allowDecisions,
    feedback: learning,
    onFault: (error) => note(`error: ${MCP}: ${error instanceof Error ? error.message : String(error)}`),
    ...(dashboardUrl === undefined ? {} : { dashboardUrl }),
    ...(authorization === undefined ? {} : { authorization }),
  })
  const routes = new Hono().all(MCP, (c) => endpoint.fetch(c.req.raw, callerAddress(c)))
  if (authorization !== undefined) {
    const metadata = '/.well-known/oauth-protected-resource'
    routes.on('GET', [metadata, `${metadata}/*`], (c) => endpoint.fetch(c.req.raw))
  }
  return { routes, close: () => endpoint.close() }
}
