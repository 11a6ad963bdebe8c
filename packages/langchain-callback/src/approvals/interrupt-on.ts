import type { ToolCall } from '@langchain/core/messages'
import type { ActionDefinition, Identity, Principal } from '@preceptor/client'
import type { AgentRuntime } from '../agent-runtime.ts'

/** What a reviewer may answer to an interrupt. */
export type AllowedDecision = 'approve' | 'edit' | 'reject' | 'respond'

/** Takes a function of `humanInTheLoopMiddleware` whatever it states of the state and the runtime. */
type Loosely<F extends { call(...args: never[]): unknown }> = F['call']

/** How calls of one tool are reviewed; the shape that `humanInTheLoopMiddleware` takes. */
export interface InterruptOnConfig {
  /** What an answer in the resume payload may be; default all. It does not bind who decides elsewhere. */
  readonly allowedDecisions?: readonly AllowedDecision[] | undefined
  /** What reviewers read beside the args. */
  readonly description?:
    | string
    | Loosely<{ call(toolCall: ToolCall, state: unknown, runtime: unknown): string | Promise<string> }>
    | undefined
  /** JSON Schema of the args, for the form of who edits them. */
  readonly argsSchema?: Readonly<Record<string, unknown>> | undefined
  /** Whether this call is reviewed; where it cannot be asked, it is. A call that is not is still decided by the gate. */
  readonly when?: Loosely<{ call(request: CallToReview): boolean | Promise<boolean> }> | undefined
}

/** What `when` is asked with. */
export interface CallToReview {
  readonly toolCall: ToolCall
  readonly tool: unknown
  readonly state: unknown
  readonly runtime: unknown
}

/** Where a call is made. */
export type CallRuntime = { readonly state?: unknown }

/** By name of the tool; only what asks more often than the gate has an effect, so `false` has none. */
export type InterruptOn = Readonly<Record<string, boolean | InterruptOnConfig>>

type Reviewer = Principal | Identity | undefined

/** Says who answered, from what the host passed to the run that resumes; undefined where nobody did. */
export type ReviewerFromResume = (runtime: AgentRuntime) => Reviewer | Promise<Reviewer>

const ALL: readonly AllowedDecision[] = ['approve', 'edit', 'reject', 'respond']

/** What the option says of a tool; undefined where the gate alone decides. */
export function interruptOnOf(interruptOn: InterruptOn | undefined, tool: string): InterruptOnConfig | undefined {
  const stated = interruptOn !== undefined && Object.hasOwn(interruptOn, tool) ? interruptOn[tool] : undefined
  if (stated === true) return {}
  return stated === false ? undefined : stated
}

/** What an answer may be. */
export const allowedDecisions = (config: InterruptOnConfig | undefined): readonly AllowedDecision[] =>
  config?.allowedDecisions ?? ALL

/** Whether a call is to be reviewed even where the gate would let it run. */
export async function isReviewed(
  config: InterruptOnConfig | undefined,
  toolCall: ToolCall | undefined,
  { state, ...runtime }: CallRuntime,
): Promise<boolean> {
  if (config?.when === undefined || toolCall === undefined) return config !== undefined
  try {
    return (await config.when({ toolCall, tool: undefined, state, runtime })) !== false
  } catch {
    return true
  }
}

/** What the host says of a call; undefined where it says nothing. */
export async function describe(
  config: InterruptOnConfig | undefined,
  toolCall: ToolCall,
  { state, ...runtime }: CallRuntime,
): Promise<string | undefined> {
  const description = config?.description
  if (typeof description !== 'function') return description
  const described: unknown = await description(toolCall, state, runtime)
  return typeof described === 'string' ? described : undefined
}

/** What an action is registered as: one that people asked to see is one that nobody has earned to run unseen. */
export function reviewedDefinition(
  definition: ActionDefinition,
  { interruptOn, tool, isReviewed = interruptOnOf(interruptOn, tool) !== undefined }: ReviewedTool,
): ActionDefinition {
  if (!isReviewed) return definition
  const { ceiling, risk } = definition
  return {
    ...definition,
    ceiling: ceiling === 'student' ? ceiling : 'intern',
    ...(risk === 'safe' && { risk: 'medium' as const }),
  }
}

interface ReviewedTool {
  readonly interruptOn: InterruptOn | undefined
  readonly tool: string
  /** Whether this call is; default: whether calls of the tool may be. */
  readonly isReviewed?: boolean | undefined
}
