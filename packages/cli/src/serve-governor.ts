import { type ErrorCode, GovernanceError } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import type { OidcOptions } from '@preceptor/dashboard'
import { Hono } from 'hono'
import { channelsOf, mountChannels } from './channels-of.ts'
import { type CommandCall, type Flag, textOf } from './command.ts'
import { listen, upgradeWebSocket } from './listen.ts'
import { reportTo, requestsOf } from './log.ts'
import { untilEnded } from './open-governor.ts'
import { loadPluginRoutes } from './plugins.ts'
import { MCP_FLAG, serveMcp } from './serve-mcp.ts'

const PORT = 4600
const HOST = '127.0.0.1'
/** Where people decide, below the address of the server. */
export const DASHBOARD = '/dashboard'

/** The flags of every command that serves. */
export const SERVE_FLAGS: Readonly<Record<string, Flag>> = {
  ...MCP_FLAG,
  port: { value: '<number>', summary: `default ${PORT}; 0 takes any that is free` },
}

/** The flags of a command that serves others than this machine, too. */
export const LISTEN_FLAGS: Readonly<Record<string, Flag>> = {
  ...SERVE_FLAGS,
  host: { value: '<address>', summary: `default ${HOST}, which only this machine reaches` },
}

/** Where a command serves. */
export interface ListenPlace {
  readonly host: string
  readonly port: number
}

/** @throws GovernanceError `OPTION_INVALID` */
export function listenPlaceOf(call: Pick<CommandCall, 'flags'>): ListenPlace {
  const value = textOf(call, 'port')
  const port = value === undefined ? PORT : Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && value !== '') {
    return { host: textOf(call, 'host') ?? HOST, port }
  }
  throw new GovernanceError('OPTION_INVALID', { message: `Option --port: ${JSON.stringify(value)} is no port.` })
}

/** Serves the control plane, with a worker, until the command is told to end. */
export async function serveGovernor(
  call: CommandCall,
  served: {
    readonly governor: EmbeddedGovernor
    readonly place: ListenPlace
    /** Called once it answers; what it gives is called at the end. */
    readonly onReady: (address: string) => Promise<(() => Promise<void>) | undefined>
  },
): Promise<void> {
  const { governor, place, onReady } = served
  const report = reportTo(call.host)
  const onFault = ({ error, traceId, path }: { error: unknown; traceId: string; path: string }): void =>
    report({ level: 'error', code: codeOf(error), message: `${path}: ${textOfError(error)}`, traceId })
  const [{ dashboard }, { governanceApi, governanceSockets, requestLog }, { createWorker }] = await Promise.all([
    import('@preceptor/dashboard'),
    import('@preceptor/hono-middleware'),
    import('@preceptor/worker'),
  ])
  const allowedHosts = allowedHostsOf(call, place)
  const app = new Hono()
  const requests = requestsOf(call)
  if (requests !== undefined) app.use(requestLog(requests))
  app.get('/', (c) => c.redirect(DASHBOARD))
  app.route('/', governanceSockets(governor, { upgradeWebSocket, allowedHosts }))
  const routes = await loadPluginRoutes()
  app.route('/api', governanceApi(governor, { onFault, upgradeWebSocket, allowedHosts, routes }))
  const oidc = oidcOf(call.host.env)
  app.route(DASHBOARD, dashboard(governor, { onFault, allowedHosts, routes, ...(oidc === undefined ? {} : { oidc }) }))
  const plan = channelsOf(call.host.env)
  await mountChannels(app, governor, {
    ...plan,
    onFault: (error) => call.host.note(`error: a channel: ${String(error)}`),
  })
  const mcp = call.flags['no-mcp'] === true ? undefined : await serveMcp(call, governor, mcpPlaceOf(call, place))
  if (mcp !== undefined) app.route('/', mcp.routes)
  const worker = await createWorker(governor)
  try {
    const server = await listen(app, place)
    try {
      const onEnd = await onReady(server.address)
      await untilEnded(call).finally(onEnd)
      call.host.note('closing')
    } finally {
      // First what assistants hold open, so that it is on record.
      await mcp?.close()
      await server.close()
    }
  } finally {
    await worker.close()
  }
}

function codeOf(error: unknown): ErrorCode {
  return GovernanceError.isInstance(error) ? error.code : 'INTERNAL'
}

function textOfError(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * How people sign in beside an API key, where the environment names a provider.
 *
 * @throws GovernanceError `OPTION_INVALID` for a provider of which a part is missing.
 */
export function oidcOf(env: CommandCall['host']['env']): OidcOptions | undefined {
  const issuer = env.PRECEPTOR_OIDC_ISSUER
  if (!issuer) return undefined
  const { PRECEPTOR_OIDC_CLIENT_ID: clientId, PRECEPTOR_PUBLIC_URL: publicUrl } = env
  if (!clientId || !publicUrl) {
    throw new GovernanceError('OPTION_INVALID', {
      message: 'PRECEPTOR_OIDC_ISSUER is set, but not all that goes with it.',
      hint: 'Set PRECEPTOR_OIDC_CLIENT_ID, and PRECEPTOR_PUBLIC_URL to the address of the dashboard.',
    })
  }
  const { PRECEPTOR_OIDC_CLIENT_SECRET: clientSecret, PRECEPTOR_OIDC_LABEL: label } = env
  const workspace = env.PRECEPTOR_OIDC_WORKSPACE
  return {
    issuer,
    clientId,
    publicUrl,
    ...(clientSecret ? { clientSecret } : {}),
    ...(workspace ? { workspace } : {}),
    ...(label ? { label } : {}),
  }
}

/** Assistants are answered under known names only, also by a server whose other parts answer under every name. */
function mcpPlaceOf(call: CommandCall, place: ListenPlace): Parameters<typeof serveMcp>[2] {
  const { PRECEPTOR_PUBLIC_URL: publicUrl } = call.host.env
  const name = place.host.includes(':') ? `[${place.host}]` : place.host
  const own = place.port === 0 ? undefined : `http://${name}:${place.port}${DASHBOARD}`
  return {
    allowedHosts: allowedHostsOf(call, place) ?? knownHostsOf(call.host.env, place),
    allowDecisions: call.flags['mcp-decisions'] === true,
    dashboardUrl: publicUrl || own,
  }
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/**
 * The names that are answered: those in `PRECEPTOR_ALLOWED_HOSTS`; else, on this machine alone, its own and that of
 * `PRECEPTOR_PUBLIC_URL`. A server for others has names that it does not know.
 */
function allowedHostsOf({ host: { env } }: CommandCall, place: ListenPlace): readonly string[] | undefined {
  const isLocal = LOOPBACK.includes(place.host) || place.host === '::1'
  return isLocal || env.PRECEPTOR_ALLOWED_HOSTS ? knownHostsOf(env, place) : undefined
}

function knownHostsOf(env: CommandCall['host']['env'], { host }: ListenPlace): readonly string[] {
  const { PRECEPTOR_ALLOWED_HOSTS: named, PRECEPTOR_PUBLIC_URL: url } = env
  const own = url && URL.canParse(url) ? [new URL(url).hostname] : []
  return [...LOOPBACK, host, ...own, ...(named ?? '').toLowerCase().split(',')].filter((name) => name !== '')
}
