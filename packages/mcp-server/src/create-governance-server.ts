import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import {
  type CallToolRequest,
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js'
import type { ActionDefinitions, ControlPlane, Identity, PluginPort } from '@preceptor/client'
import { inTraceOf } from './in-trace-of.ts'
import type { PersonAtClient } from './person-at-client.ts'
import { callTool, describeTool, type Tool, type ToolCall } from './tool.ts'
import { ACTION_TOOLS } from './tools/action-tools.ts'
import { DECISION_TOOLS } from './tools/decision-tools.ts'
import type { FeedbackTaker } from './tools/feedback-taker.ts'
import { registerPrompts } from './tools/prompts.ts'
import { READING_TOOLS } from './tools/reading-tools.ts'
import { registerResources } from './tools/resources.ts'
import { SUBMIT_FEEDBACK } from './tools/submit-feedback.ts'
import { createWatchedRuns } from './watched-runs.ts'

/** Options of every governance server. */
export interface GovernanceServerOptions {
  /** Actions that the host declares for its MCP clients; what they request is decided by these definitions. */
  readonly actions?: ActionDefinitions
  /**
   * Lets supervisors and administrators decide at their client, in a dialogue that the model does not see; default false.
   */
  readonly allowDecisions?: boolean
  /** Address of the dashboard, where people are sent to decide on what is of high or critical risk. */
  readonly dashboardUrl?: string
  /** The plugin that takes feedback, such as `learning` of `@preceptor/learning/client`; without it no tool does. */
  readonly feedback?: PluginPort<FeedbackTaker>
}

/** One principal's governance server, and who it is. */
export interface IdentifiedServerOptions extends GovernanceServerOptions {
  /** Of `governor.authenticate(credential)`, or what the host states in process. */
  readonly identity: Identity
}

const VERSION = '0.1.0'
/** A person may think for a while; the client gives up its call when it wants to. */
const LONGEST_QUESTION_MS = 600_000
/** The host declares its own actions, whoever requests them first. */
const HOST = { kind: 'system', id: 'mcp-server', roles: [] } as const
const EVERYBODYS: readonly Tool[] = [...ACTION_TOOLS, ...READING_TOOLS]
const ALL: readonly Tool[] = [...EVERYBODYS, SUBMIT_FEEDBACK, ...DECISION_TOOLS]
const DESCRIBED = ALL.map(describeTool)

const INSTRUCTIONS = `Preceptor decides what an agent may do. Before every action call request_action and do what its answer says: run the action only where mayRun is true, once, with exactly the args of the answer, then call report_outcome. Where mayRun is false do not run it and do not look for another way to the same effect.`

/**
 * Makes an MCP server for one principal: its tools read and request; nothing in it approves. Connect it to a transport,
 * or use `serveStdio` and `createMcpEndpoint`, which do.
 *
 * @throws GovernanceError `INPUT_INVALID`, or `SOURCE_MISMATCH`, for an identity that cannot be.
 * @example
 * ```ts
 * import type { ControlPlane } from '@preceptor/client'
 * import { createGovernanceServer } from '@preceptor/mcp-server'
 *
 * export async function serverFor(governor: ControlPlane, credential: string) {
 *   return createGovernanceServer(governor, { identity: await governor.authenticate(credential) })
 * }
 * ```
 */
export function createGovernanceServer(governor: ControlPlane, options: IdentifiedServerOptions): McpServer {
  return openServer(governor, options).server
}

/** A server, and the end of what it holds open. */
export interface OpenServer {
  readonly server: McpServer
  /** Resolves when the runs that it held open are ended and on record; after it was closed. */
  readonly ended: () => Promise<void>
}

/** The same, for who must know when it has ended. */
export function openServer(governor: ControlPlane, options: IdentifiedServerOptions): OpenServer {
  const { identity, actions = {} } = options
  const scope = governor.as(identity, 'mcp')
  const server = new McpServer(
    { name: 'preceptor', title: 'Preceptor', version: VERSION },
    { capabilities: { tools: {} }, instructions: instructionsFor(actions) },
  )
  const runs = createWatchedRuns(scope, `mcp-${crypto.randomUUID()}`)
  const admit: ToolCall['admit'] = (agent) => governor.admit?.({ identity, agent })
  const feedback = options.feedback && scope.plugin(options.feedback).feedback
  const base = { scope, runs, admit, digests: registerOnce(governor, identity, actions), feedback }
  const isPerson = options.allowDecisions === true && mayDecide(identity)
  const tools = [
    ...EVERYBODYS,
    ...(feedback === undefined ? [] : [SUBMIT_FEEDBACK]),
    ...(isPerson ? DECISION_TOOLS : []),
  ]
  const described = DESCRIBED.filter(({ name }) => tools.some((tool) => tool.name === name))
  server.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: described }))
  server.server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => {
    const person = isPerson ? personAt(server, extra, options.dashboardUrl) : undefined
    return inTraceOf(governor, extra._meta, () => answer(tools, params, { ...base, ...callOf(extra), person }))
  })
  registerResources(server, scope)
  registerPrompts(server, scope)
  let ending: Promise<void> | undefined
  const ended = (): Promise<void> => {
    ending ??= runs.close()
    return ending
  }
  server.server.onclose = () => void ended()
  return { server, ended }
}

/** Nobody but a person who may decide is even told that there is a tool to decide. */
function mayDecide({ principal }: Identity): boolean {
  return principal.kind === 'user' && principal.roles.some((role) => role === 'admin' || role === 'supervisor')
}

function personAt({ server }: McpServer, { requestId }: Extra, dashboardUrl: string | undefined): PersonAtClient {
  const { elicitation } = server.getClientCapabilities() ?? {}
  return {
    // A client that states no kind of question knows forms.
    hasForms: elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined),
    hasAddresses: elicitation?.url !== undefined,
    dashboardUrl,
    // Related to the call, or it would wait on a stream that nobody reads.
    ask: (params) => server.elicitInput(params, { relatedRequestId: requestId, timeout: LONGEST_QUESTION_MS }),
  }
}

async function answer(
  tools: readonly Tool[],
  { name, arguments: args }: CallToolRequest['params'],
  call: ToolCall,
): Promise<CallToolResult> {
  const tool = tools.find((one) => one.name === name)
  if (tool !== undefined) return callTool(tool, args, call)
  const known = tools.map((one) => one.name).join(', ')
  throw new McpError(
    ErrorCode.InvalidParams,
    `There is no tool ${JSON.stringify(name.slice(0, 128))}; there are ${known}.`,
  )
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

function callOf(extra: Extra): Pick<ToolCall, 'signal' | 'progress'> {
  const progressToken = extra._meta?.progressToken
  return {
    signal: extra.signal,
    async progress(seconds, total) {
      if (progressToken === undefined) return
      const params = { progressToken, progress: seconds, total, message: 'Nobody has decided yet.' }
      await extra.sendNotification({ method: 'notifications/progress', params })
    },
  }
}

function instructionsFor(actions: ActionDefinitions): string {
  const lines = Object.entries(actions).map(([name, { risk = 'high', description = '' }]) =>
    `- ${name} (${risk}) ${description}`.trimEnd(),
  )
  return lines.length === 0 ? INSTRUCTIONS : [INSTRUCTIONS, 'Actions:', ...lines].join('\n')
}

/** Registers the actions when the first of them is requested; a failure is met again by the next request. */
function registerOnce(
  governor: ControlPlane,
  { workspace }: Identity,
  actions: ActionDefinitions,
): ToolCall['digests'] {
  let registered: Promise<ReadonlyMap<string, string>> | undefined
  const register = async (): Promise<ReadonlyMap<string, string>> => {
    if (Object.keys(actions).length === 0) return new Map()
    const host = governor.as({ workspace, principal: HOST } satisfies Identity)
    return new Map((await host.registerActions(actions)).map(({ name, digest }) => [name, digest]))
  }
  return () => {
    registered ??= register().catch((error: unknown) => {
      registered = undefined
      throw error
    })
    return registered
  }
}
