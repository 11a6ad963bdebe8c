import { type ControlPlane, GovernanceError } from '@preceptor/client'
import type { GovernorOptions } from '@preceptor/core'
import type { AuthorizationOptions, McpEndpoint } from '@preceptor/mcp-server'
import { Hono } from 'hono'
import type { CommandCall, Flag } from './command.ts'

/** Where assistants reach the governance tools, below the address of the server. */
export const MCP = '/mcp'

/** The flag of every command that serves assistants, too. */
export const MCP_FLAG: Readonly<Record<string, Flag>> = {
  'mcp-decisions': { summary: 'let people decide in dialogues of their assistant' },
  'no-mcp': { summary: `do not answer assistants at ${MCP}` },
}

type Environment = CommandCall['host']['env']

/**
 * The access tokens that are taken beside API keys, where the environment names who gives them.
 *
 * @throws GovernanceError `OPTION_INVALID` where a part is missing.
 */
export function jwtOf(env: Environment): GovernorOptions['jwt'] {
  const { PRECEPTOR_JWT_ISSUER: issuer, PRECEPTOR_JWT_AUDIENCE: audience, PRECEPTOR_JWT_KEYS: jwks } = env
  if (!issuer && !audience && !jwks) return undefined
  if (issuer && audience && jwks) return { issuer, audience, jwks }
  throw new GovernanceError('OPTION_INVALID', {
    message: 'Access tokens are set up, but not all that goes with them.',
    hint: 'Set PRECEPTOR_JWT_ISSUER, PRECEPTOR_JWT_AUDIENCE and PRECEPTOR_JWT_KEYS, the address of the key set, or none of them.',
  })
}

/** What assistants are told of who gives tokens: a token for this endpoint has its address as audience. */
export function authorizationOf(env: Environment): AuthorizationOptions | undefined {
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
  const [{ createMcpEndpoint }, { callerAddress }] = await Promise.all([
    import('@preceptor/mcp-server'),
    import('@preceptor/hono-middleware'),
  ])
  const authorization = authorizationOf(env)
  const endpoint: McpEndpoint = createMcpEndpoint(governor, {
    allowedHosts,
    allowDecisions,
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
