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
  | { readonly sent: true; readonly result: Result; readonly guidance: readonly string[] }
  | { readonly sent: false; readonly decision: Decision; readonly text: string }
  | { readonly sent: false; readonly decision: null; readonly text: string; readonly outcome: StoredOutcome | null }

/** A call of an MCP client is given up after a minute. */
const ATTACH_WITHIN_MS = 10_000

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
  let guidance: readonly string[] = []
  const run = async (call: GuardCall): Promise<Result> => {
    guidance = call.guidance
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
      encode: (value) => value as JsonValue,
    })
    if (ended.status === 'executed') return { sent: true, result: ended.value, guidance }
    if (ended.status === 'withheld')
      return { sent: false, decision: ended.decision, text: describeDecision(ended.decision) }
    if (ended.answer !== undefined) return { sent: true, result: answered(ended.answer), guidance: [] }
    return replayed(trigger.action, ended.outcome)
  } catch (error) {
    if (error instanceof FailedAnswer) return { sent: true, result: error.result, guidance }
    throw error
  }
}

/** What a reviewer answered in the place of the action. */
function answered(answer: JsonValue): Result {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
  return { content: [{ type: 'text', text: `A reviewer answered instead: ${text}` }] }
}

function replayed(action: string, outcome: StoredOutcome): ProxiedResult {
  if (outcome.status === 'succeeded' && outcome.stored && isResult(outcome.value)) {
    return { sent: true, result: outcome.value, guidance: [] }
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

/** A request as it is sent on: without the token by which its client knows its progress. */
export function sentOn({ method, params = {} }: Request, changed: JsonObject): Request {
  const { _meta: { progressToken: _, ...meta } = {}, ...rest } = params
  const kept = Object.keys(meta).length > 0 ? { _meta: meta } : {}
  return { method, params: { ...rest, ...changed, ...kept } }
}
