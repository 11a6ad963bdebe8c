import { isDeepStrictEqual } from 'node:util'
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js'
import { ErrorCode, McpError, type Request, type Result } from '@modelcontextprotocol/sdk/types.js'
import {
  type ControlScope,
  type Decision,
  describeDecision,
  GovernanceError,
  type GuardCall,
  type JsonObject,
  type JsonValue,
  type StoredOutcome,
  type Trigger,
} from '@preceptor/client'
import { visibleError } from '../error-result.ts'

/** One request of a client to an upstream, as an attempt at the gate. */
export interface ProxiedCall {
  readonly scope: ControlScope
  readonly trigger: Trigger
  /** Sends it, with the args that were decided on. */
  readonly send: (args: JsonObject, options: RequestOptions) => Promise<Result>
  readonly signal: AbortSignal
  readonly onprogress: RequestOptions['onprogress']
}

/** What became of a request: the answer of the upstream, or why there is none. */
export type ProxiedResult =
  | { readonly sent: true; readonly result: Result; readonly notes: readonly string[] }
  | { readonly sent: false; readonly decision: Decision; readonly text: string }
  | { readonly sent: false; readonly decision: null; readonly text: string; readonly outcome: StoredOutcome | null }

/** A call of an MCP client is given up after a minute. */
const ATTACH_WITHIN_MS = 10_000

/** What would be called is not what was decided on. */
export class ToolChanged extends GovernanceError {
  constructor() {
    super('CONFLICT', { message: 'The tool changed since it was decided on.' })
  }
}

/** A tool that answered with an error has failed, and its answer is the client's all the same. */
class FailedAnswer extends Error {
  readonly result: Result

  constructor(result: Result) {
    super(textOf(result).slice(0, 2_000) || 'The upstream answered with an error.')
    this.result = result
  }
}

/**
 * Asks the gate and, where it may run, the upstream, once. The same request again stands for the approval of the first one.
 *
 * @throws McpError or GovernanceError: what the upstream answered, or the code of a fault.
 */
export async function sendThroughGate({
  scope,
  trigger,
  send,
  signal,
  onprogress,
}: ProxiedCall): Promise<ProxiedResult> {
  let notes: readonly string[] = []
  const run = async (call: GuardCall): Promise<Result> => {
    notes = [...aboutGuidance(call.guidance), ...aboutArgs(trigger.args, call.args)]
    const { signal: aborted } = call
    const result = await send(call.args, { signal: aborted, ...(onprogress && { onprogress }) }).catch((error) => {
      // Why it was aborted is said by who did it.
      throw aborted.aborted ? aborted.reason : error
    })
    if (result.isError === true) throw new FailedAnswer(result)
    return result
  }
  try {
    const ended = await scope.guard({ ...trigger, permit: 'matching' }, run, {
      signal,
      attachWithinMs: ATTACH_WITHIN_MS,
      // What never reached the server uses no approval up.
      isControlFlow: wasNotSent,
      encode: (value) => value as JsonValue,
    })
    if (ended.status === 'executed') return { sent: true, result: ended.value, notes }
    if (ended.status === 'withheld')
      return { sent: false, decision: ended.decision, text: describeDecision(ended.decision) }
    if (ended.answer !== undefined) return { sent: true, result: answered(ended.answer), notes: [] }
    return replayed(trigger.action, ended.outcome)
  } catch (error) {
    if (error instanceof FailedAnswer) return { sent: true, result: error.result, notes }
    throw error
  }
}

function wasNotSent(error: unknown): boolean {
  if (error instanceof ToolChanged) return true
  return GovernanceError.isInstance(error) && error.code === 'UPSTREAM_UNAVAILABLE'
}

/** What a supervisor said to the run comes with the result, so that the model reads it. */
function aboutGuidance(guidance: readonly string[]): readonly string[] {
  return guidance.length === 0 ? [] : [`Your supervisor says: ${guidance.join(' ')}`]
}

/** Who asked for something else is told what ran. */
function aboutArgs(asked: JsonObject, ran: JsonObject): readonly string[] {
  return isDeepStrictEqual(asked, ran) ? [] : [`A person changed the arguments; it ran with ${JSON.stringify(ran)}.`]
}

/** What a reviewer answered in the place of the action. */
function answered(answer: JsonValue): Result {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
  return { content: [{ type: 'text', text: `A reviewer answered instead: ${text}` }] }
}

function replayed(action: string, outcome: StoredOutcome): ProxiedResult {
  if (outcome.status === 'succeeded' && outcome.stored && isResult(outcome.value)) {
    return { sent: true, result: outcome.value, notes: [] }
  }
  const how =
    outcome.status === 'succeeded' ? 'It succeeded; what it gave was not kept.' : `It failed: ${outcome.message}`
  return { sent: false, decision: null, text: `${action} ran before under this approval. ${how}`, outcome }
}

function isResult(value: JsonValue): value is JsonObject & Result {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf({ content }: Result): string {
  if (!Array.isArray(content)) return ''
  return content
    .flatMap((block: unknown) => {
      const { type, text } = Object(block)
      return type === 'text' && typeof text === 'string' ? [text] : []
    })
    .join('\n')
}

/** An error as a client may see it. */
export function protocolError(error: unknown): McpError {
  if (error instanceof McpError && !GovernanceError.isInstance(error)) return error
  const { code, message, next } = visibleError(error)
  return new McpError(ErrorCode.InvalidRequest, `${message} ${next}`, { error: { code, message, next } })
}

const TRACE = ['traceparent', 'tracestate']

/** A request as it is sent on: what was decided on, and of what stands beside it only what says to which trace it belongs. */
export function sentOn({ method, params = {} }: Request, decided: JsonObject): Request {
  const trace = Object.entries(params._meta ?? {}).filter(([key]) => TRACE.includes(key))
  return { method, params: { ...decided, ...(trace.length > 0 && { _meta: Object.fromEntries(trace) }) } }
}
