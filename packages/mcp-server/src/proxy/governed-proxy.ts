import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  type JSONRPCRequest,
  type Notification,
  type Result,
  ResultSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js'
import { type ControlPlane, GovernanceError, type Identity } from '@preceptor/client'
import { assertNotByHand } from '../assert-not-by-hand.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { inTraceOf } from '../in-trace-of.ts'
import { LONGEST_CALL_MS, openUpstream, placeOf, type Upstream, type UpstreamTarget } from '../upstream/upstream.ts'
import { type UpstreamNames, upstreamNames } from '../upstream/upstream-names.ts'
import { type HeldTransport, holdFirst, type Introduction } from './hold-first.ts'
import { joinCapabilities } from './join-capabilities.ts'
import { protocolError } from './proxied-call.ts'
import { type ProxiedTools, proxiedTools } from './proxied-tools.ts'
import type { ProxySession } from './proxy-session.ts'
import { routeRequest } from './route-request.ts'

/** What a proxy stands in front of, and for whom. */
export interface GovernedProxyOptions {
  /** Of `governor.authenticate(credential)`: a service that may register actions, or the host. */
  readonly identity: Identity
  /** The agent that acts; default: the one whose credential it is. */
  readonly agent?: string
  /** The MCP servers behind it, by name; the tools of several get the name of theirs as prefix, `files__read_file`. */
  readonly upstreams: Readonly<Record<string, UpstreamTarget>>
  /** What people say of tools; every other tool is critical. */
  readonly catalogue?: Catalogue
  /** Told of what an operator should know, one line each. */
  readonly report?: (message: string) => void
}

/** A gate in front of MCP servers. */
export interface GovernedProxy {
  /** Serves one client; resolves when it has gone away. */
  serve(transport: Transport): Promise<void>
}

/** A notification can be anything, a call too, and some servers do what it says. */
const SENT_ON: ReadonlySet<string> = new Set(['notifications/roots/list_changed'])

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

/**
 * Makes a gate in front of MCP servers: a client sees their tools unchanged, and each call of one is decided on before it
 * is sent on. A tool that nobody classified, or that changed since, is critical.
 *
 * @throws GovernanceError `OPTION_INVALID` without an upstream or an agent, `SOURCE_MISMATCH` for a person who acts by hand.
 * @example
 * ```ts
 * import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
 * import type { ControlPlane } from '@preceptor/client'
 * import { governedProxy } from '@preceptor/mcp-server'
 *
 * export async function serve(governor: ControlPlane, credential: string): Promise<void> {
 *   const proxy = governedProxy(governor, {
 *     identity: await governor.authenticate(credential),
 *     agent: 'assistant',
 *     upstreams: { files: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '/data'] } },
 *   })
 *   await proxy.serve(new StdioServerTransport())
 * }
 * ```
 */
export function governedProxy(governor: ControlPlane, options: GovernedProxyOptions): GovernedProxy {
  const { identity, upstreams } = options
  assertNotByHand(governor.as(identity))
  const names = upstreamNames(Object.keys(upstreams))
  const agent = options.agent ?? (identity.principal.kind === 'agent' ? identity.principal.id : undefined)
  if (agent === undefined) throw new GovernanceError('OPTION_INVALID', { message: 'Name the agent that acts.' })
  return {
    async serve(transport) {
      const held = await holdFirst(transport)
      if (held === undefined) return
      await serveClient(governor, { ...options, names, agent }, held)
    },
  }
}

type Settled = GovernedProxyOptions & { readonly names: UpstreamNames; readonly agent: string }

async function serveClient(governor: ControlPlane, options: Settled, held: HeldTransport): Promise<void> {
  let server: Server | undefined
  let begin: (initialized: Server) => void = () => undefined
  const begun = new Promise<Server>((resolve) => {
    begin = resolve
  })
  const opening = openAll(governor, options, held.introduction, { now: () => server, begun })
  const { upstreams, tools } = await opening.catch(async (error: unknown) => {
    await held.refuse(protocolError(error)).catch(() => undefined)
    throw error
  })
  const { names, agent, identity } = options
  const session: ProxySession = {
    scope: governor.as(identity),
    agent,
    run: `mcp-${crypto.randomUUID()}`,
    names,
    upstreams,
    tools,
    admit: () => governor.admit?.({ identity, agent }),
  }
  try {
    const { info, ...said } = joinCapabilities([...upstreams.values()].map(({ facts }) => facts))
    const proxy = new Server(info, said)
    server = proxy
    proxy.oninitialized = () => begin(proxy)
    // It would keep the level for itself.
    proxy.removeRequestHandler('logging/setLevel')
    proxy.fallbackRequestHandler = (request, extra) =>
      inTraceOf(governor, extra._meta, () => answer(session, request, extra))
    proxy.fallbackNotificationHandler = async (notification) => {
      if (!SENT_ON.has(notification.method)) return
      await Promise.all([...upstreams.values()].map((upstream) => upstream.notify(notification)))
    }
    const gone = new Promise<void>((resolve) => {
      proxy.onclose = resolve
    })
    await proxy.connect(held.transport)
    await gone
  } finally {
    await Promise.allSettled([...upstreams.values()].map((upstream) => upstream.close()))
    await session.scope.finish(session.run, { agent, status: 'completed' }).catch(() => undefined)
  }
}

async function answer(session: ProxySession, request: JSONRPCRequest, extra: Extra): Promise<Result> {
  try {
    return await routeRequest(session, request, extra)
  } catch (error) {
    throw protocolError(error)
  }
}

interface Opened {
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly tools: ReadonlyMap<string, ProxiedTools>
}

/** Opens every upstream, as the client that is there: what it can do, they may ask of it. */
async function openAll(
  governor: ControlPlane,
  { identity, catalogue, report = () => undefined, ...options }: Settled,
  { clientInfo, capabilities }: Introduction,
  client: { readonly now: () => Server | undefined; readonly begun: Promise<Server> },
): Promise<Opened> {
  const upstreams = new Map<string, Upstream>()
  const tools = new Map<string, ProxiedTools>()
  const tell = (notification: Notification): void => {
    // Nobody waits for it: a client that has gone needs to hear nothing.
    client
      .now()
      ?.notification(notification as ServerNotification)
      .catch(() => undefined)
  }
  for (const [name, target] of Object.entries(options.upstreams)) {
    const upstream = await openUpstream({
      name,
      target,
      clientInfo,
      capabilities,
      report,
      onRequest: (request, signal) => askClient(client.begun, request, signal),
      onNotification: (notification) => {
        if (notification.method === 'notifications/tools/list_changed') tools.get(name)?.forget()
        tell(notification)
      },
      onGone: () => tools.get(name)?.forget(),
      onReturned: () => {
        tools.get(name)?.forget()
        tell({ method: 'notifications/tools/list_changed' })
      },
    }).catch(async (error: unknown) => {
      await Promise.allSettled([...upstreams.values()].map((opened) => opened.close()))
      throw error
    })
    upstreams.set(name, upstream)
    const said = catalogue && Object.hasOwn(catalogue.upstreams, name) ? catalogue.upstreams[name] : undefined
    tools.set(name, proxiedTools(upstream, { governor, identity, said, report, place: placeOf(target) }))
  }
  return { upstreams, tools }
}

/** What an upstream asks of the client (its roots, a question to its user) is between the two, once the client is there. */
async function askClient(
  begun: Promise<Server>,
  { method, params }: JSONRPCRequest,
  signal: AbortSignal,
): Promise<Result> {
  const server = await begun
  const request = { method, ...(params && { params }) } as ServerRequest
  // A person may take their time; whoever asked ends it sooner.
  return server.request(request, ResultSchema, { signal, timeout: LONGEST_CALL_MS })
}
