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
import { afterWithheld } from './after-withheld.ts'
import type { ProxySession } from './governed-proxy.ts'
import { listedResult } from './listed-result.ts'
import { addressed } from './owner-of.ts'
import { type ProxiedResult, sendThroughGate, sentOn } from './proxied-call.ts'
import type { ProxiedTool, ProxiedTools } from './proxied-tools.ts'
import type { Upstream } from './upstream.ts'
import { pendingOf, withheldResult } from './withheld-result.ts'

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

interface Asked {
  readonly session: ProxySession
  readonly request: Request
  readonly extra: Extra
}

const GUARDED: Readonly<Record<string, (asked: Asked) => Promise<Result>>> = {
  'tools/call': callTool,
  'resources/read': readResource,
  'prompts/get': getPrompt,
}

/**
 * Answers a request of a client: what has an effect or shows something goes through the gate, what lists is joined, all
 * else is sent on as it is.
 *
 * @throws McpError or GovernanceError.
 */
export async function routeRequest(session: ProxySession, request: JSONRPCRequest, extra: Extra): Promise<Result> {
  const { method, params } = request
  const asked: Asked = { session, extra, request: { method, ...(params && { params }) } }
  const guarded = Object.hasOwn(GUARDED, method) ? GUARDED[method] : undefined
  if (guarded !== undefined) return guarded(asked)
  const listed = await listedResult(session, asked.request, extra.signal)
  if (listed !== undefined) return listed
  if (method === 'logging/setLevel') return tellAll(asked)
  const { upstream, request: own } = await addressed(session, asked.request, extra.signal)
  return upstream.request(sentOn(own, {}), { signal: extra.signal })
}

async function callTool({ session, request, extra }: Asked): Promise<Result> {
  const { name, arguments: args = {} } = CallToolRequestSchema.parse(request).params
  const { upstream, own } = find(session, name)
  const { tool, ...action } = await toolsOf(session, upstream).find(own)
  const result = await throughGate(
    { session, request, extra },
    { upstream, trigger: { ...stated(action), args: args as JsonObject } },
    (decided) => sentOn(request, { name: own, arguments: decided }),
  )
  if (result.sent) return withGuidance(result)
  const { decision, text } = result
  if (decision === null) return withheldResult(tool, null, text)
  const next = afterWithheld(decision)
  return withheldResult(tool, pendingOf(decision, next), `${text} ${next}`)
}

async function readResource(asked: Asked): Promise<Result> {
  const { uri } = ReadResourceRequestSchema.parse(asked.request).params
  const { upstream } = await addressed(asked.session, asked.request, asked.extra.signal)
  const action = await toolsOf(asked.session, upstream).reading('resources/read')
  const trigger = { ...stated(action), args: { uri } }
  return orError(await throughGate(asked, { upstream, trigger }, (args) => sentOn(asked.request, args)))
}

async function getPrompt(asked: Asked): Promise<Result> {
  const { name, arguments: args = {} } = GetPromptRequestSchema.parse(asked.request).params
  const { upstream, own } = find(asked.session, name)
  const action = await toolsOf(asked.session, upstream).reading('prompts/get')
  const trigger = { ...stated(action), args: { name: own, arguments: args } }
  return orError(await throughGate(asked, { upstream, trigger }, (decided) => sentOn(asked.request, decided)))
}

interface Attempt {
  readonly upstream: Upstream
  readonly trigger: Pick<Trigger, 'action' | 'args' | 'digest'>
}

async function throughGate(
  { session, extra }: Asked,
  { upstream, trigger }: Attempt,
  toRequest: (args: JsonObject) => Request,
): Promise<ProxiedResult> {
  const { scope, agent, run } = session
  await session.admit()
  const token = extra._meta?.progressToken
  return sendThroughGate({
    scope,
    trigger: { agent, run, ...trigger },
    signal: extra.signal,
    send: (args, options) => upstream.request(toRequest(args), options),
    onprogress:
      token === undefined
        ? undefined
        : (progress) =>
            void extra.sendNotification({
              method: 'notifications/progress',
              params: { ...progress, progressToken: token },
            }),
  })
}

/** What a supervisor said to the run comes with the result, so that the model reads it. */
function withGuidance({ result, guidance }: Extract<ProxiedResult, { sent: true }>): Result {
  if (guidance.length === 0 || !Array.isArray(result.content)) return result
  const text = `Your supervisor says: ${guidance.join(' ')}`
  return { ...result, content: [...result.content, { type: 'text', text }] }
}

/** There is no result that says what else happened. */
function orError(result: ProxiedResult): Result {
  if (result.sent) return result.result
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

/** Without a digest it is whatever is registered under its name, if anything is. */
function stated({ action, digest }: Pick<ProxiedTool, 'action' | 'digest'>): Pick<Trigger, 'action' | 'digest'> {
  return { action, ...(digest !== undefined && { digest }) }
}

function find(session: ProxySession, name: string): { readonly upstream: Upstream; readonly own: string } {
  const inner = session.names.inner(name) ?? missing(name)
  return { upstream: session.upstreams.get(inner.upstream) ?? missing(name), own: inner.name }
}

function missing(name: string): never {
  throw new McpError(ErrorCode.InvalidParams, `There is no ${JSON.stringify(name.slice(0, 128))} behind this proxy.`)
}
