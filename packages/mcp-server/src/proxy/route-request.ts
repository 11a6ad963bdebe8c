import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import {
  CallToolRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  type JSONRPCRequest,
  McpError,
  ReadResourceRequestSchema,
  type Request,
  type Result,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js'
import type { JsonObject, Trigger } from '@preceptor/client'
import type { Upstream } from '../upstream/upstream.ts'
import { afterWithheld } from './after-withheld.ts'
import { listedResult } from './listed-result.ts'
import { addressed } from './owner-of.ts'
import { type ProxiedResult, sendThroughGate, sentOn, ToolChanged } from './proxied-call.ts'
import type { ProxiedTools } from './proxied-tools.ts'
import type { ProxySession } from './proxy-session.ts'
import { pendingOf, withheldResult, withoutDecision } from './withheld-result.ts'

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

interface Asked {
  readonly session: ProxySession
  readonly request: Request
  readonly extra: Extra
}

/** What only lists and follows; of any other request nobody knows what it does. */
const SENT_ON: ReadonlySet<string> = new Set([
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
])

const GUARDED: Readonly<Record<string, (asked: Asked) => Promise<Result>>> = {
  'tools/call': callTool,
  'resources/read': readResource,
  'prompts/get': getPrompt,
}

/**
 * Answers a request of a client: what has an effect or shows something goes through the gate, what lists is joined or sent
 * on, and all else is not there.
 *
 * @throws McpError or GovernanceError.
 */
export async function routeRequest(session: ProxySession, request: JSONRPCRequest, extra: Extra): Promise<Result> {
  const { method, params } = request
  const asked: Asked = { session, extra, request: { method, ...(params && { params }) } }
  const guarded = Object.hasOwn(GUARDED, method) ? GUARDED[method] : undefined
  if (guarded !== undefined) {
    await session.admit()
    return guarded(asked)
  }
  if (method === 'logging/setLevel') return tellAll(asked)
  if (!SENT_ON.has(method))
    throw new McpError(ErrorCode.MethodNotFound, `This proxy sends no ${method.slice(0, 128)} on.`)
  const listed = await listedResult(session, asked.request, extra.signal)
  if (listed !== undefined) return listed
  const { upstream, request: own } = await addressed(session, asked.request, extra.signal)
  const { _meta: _, ...rest } = own.params ?? {}
  const result = await upstream.request(sentOn(own, rest as JsonObject), { signal: extra.signal })
  if (method === 'tools/list') toolsOf(session, upstream).tell(result.tools)
  return result
}

async function callTool({ session, request, extra }: Asked): Promise<Result> {
  const { name, arguments: args = {} } = CallToolRequestSchema.parse(request).params
  const { upstream, own } = find(session, name)
  const tools = toolsOf(session, upstream)
  const { tool, ...action } = await tools.find(own)
  const result = await throughGate(
    { session, request, extra },
    {
      upstream,
      trigger: { ...action, args: args as JsonObject },
      isSame: async () => (await tools.find(own)).digest === action.digest,
    },
    (decided) => sentOn(request, { name: own, arguments: decided }),
  )
  if (result.sent) return withNotes(withoutDecision(tool, result.result), result.notes)
  const { decision, text } = result
  if (decision === null) return withheldResult(tool, null, text)
  const next = afterWithheld(decision)
  return withheldResult(tool, pendingOf(decision, next), `${text} ${next}`)
}

async function readResource(asked: Asked): Promise<Result> {
  const { uri } = ReadResourceRequestSchema.parse(asked.request).params
  const { upstream } = await addressed(asked.session, asked.request, asked.extra.signal)
  const action = await toolsOf(asked.session, upstream).reading('resources/read')
  const trigger = { ...action, args: { uri } }
  return orError(await throughGate(asked, { upstream, trigger }, (args) => sentOn(asked.request, args)))
}

async function getPrompt(asked: Asked): Promise<Result> {
  const { name, arguments: args = {} } = GetPromptRequestSchema.parse(asked.request).params
  const { upstream, own } = find(asked.session, name)
  const action = await toolsOf(asked.session, upstream).reading('prompts/get')
  const trigger = { ...action, args: { name: own, arguments: args } }
  return orError(await throughGate(asked, { upstream, trigger }, (decided) => sentOn(asked.request, decided)))
}

interface Attempt {
  readonly upstream: Upstream
  readonly trigger: Pick<Trigger, 'action' | 'args' | 'digest'>
  /** Whether what is called is by now what was decided on. */
  readonly isSame?: () => Promise<boolean>
}

async function throughGate(
  { session, extra }: Asked,
  { upstream, trigger, isSame = async () => true }: Attempt,
  toRequest: (args: JsonObject) => Request,
): Promise<ProxiedResult> {
  const { scope, agent, run } = session
  const token = extra._meta?.progressToken
  return sendThroughGate({
    scope,
    trigger: { agent, run, ...trigger },
    signal: extra.signal,
    async send(args, options) {
      if (!(await isSame())) throw new ToolChanged()
      return upstream.request(toRequest(args), options)
    },
    onprogress:
      token === undefined
        ? undefined
        : (progress) => {
            const params = { ...progress, progressToken: token }
            // A client that has gone needs to hear nothing.
            extra.sendNotification({ method: 'notifications/progress', params }).catch(() => undefined)
          },
  })
}

/** What people had to do with it stands behind the answer of the tool. */
function withNotes(result: Result, notes: readonly string[]): Result {
  if (!Array.isArray(result.content)) return result
  return { ...result, content: [...result.content, ...notes.map((text) => ({ type: 'text', text }))] }
}

/** There is no result that says what else happened. */
function orError(result: ProxiedResult): Result {
  if (result.sent) return withoutDecision(undefined, result.result)
  const { decision, text } = result
  const next = decision === null ? '' : afterWithheld(decision)
  throw new McpError(ErrorCode.InvalidRequest, `${text} ${next}`.trimEnd(), decision && pendingOf(decision, next))
}

/** How much they log is said to all that log. */
async function tellAll({ session, request, extra }: Asked): Promise<Result> {
  const logging = [...session.upstreams.values()].filter(({ facts }) => facts.capabilities.logging !== undefined)
  await Promise.all(logging.map((upstream) => upstream.request(request, { signal: extra.signal })))
  return {}
}

function toolsOf({ tools }: ProxySession, { name }: Upstream): ProxiedTools {
  return tools.get(name) ?? missing(name)
}

function find(session: ProxySession, name: string): { readonly upstream: Upstream; readonly own: string } {
  const inner = session.names.inner(name) ?? missing(name)
  return { upstream: session.upstreams.get(inner.upstream) ?? missing(name), own: inner.name }
}

function missing(name: string): never {
  throw new McpError(ErrorCode.InvalidParams, `There is no ${JSON.stringify(name.slice(0, 128))} behind this proxy.`)
}
