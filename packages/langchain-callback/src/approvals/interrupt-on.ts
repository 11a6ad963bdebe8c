import type { ToolCall } from '@langchain/core/messages'
import type { ActionDefinition } from '@preceptor/client'

/** What a reviewer may answer to an interrupt. */
export type AllowedDecision = 'approve' | 'edit' | 'reject' | 'respond'

/** Takes a function of `humanInTheLoopMiddleware` whatever it states of the state and the runtime. */
type Loosely<F extends { call(...args: never[]): unknown }> = F['call']

/** How calls of one tool are reviewed; the shape that `humanInTheLoopMiddleware` takes. */
export interface InterruptOnConfig {
  /** What an answer in the resume payload may be; default all. It does not bind who decides elsewhere. */
  readonly allowedDecisions?: readonly AllowedDecision[]
  /** What reviewers read beside the args. */
  readonly description?:
    | string
    | Loosely<{ call(toolCall: ToolCall, state: unknown, runtime: unknown): string | Promise<string> }>
  /** JSON Schema of the args, for the form of who edits them. */
  readonly argsSchema?: Readonly<Record<string, unknown>>
  /** Whether this call is reviewed; where it cannot be asked, it is. A call that is not is still decided by the gate. */
  readonly when?: Loosely<{ call(request: CallToReview): boolean | Promise<boolean> }>
}

/** What `when` is asked with. */
export interface CallToReview {
  readonly toolCall: ToolCall
  readonly tool: undefined
  readonly state: unknown
  readonly runtime: unknown
}

/** Where a call is made. */
export type CallRuntime = { readonly state?: unknown }

/** By name of the tool; only what asks more often than the gate has an effect, so `false` has none. */
export type InterruptOn = Readonly<Record<string, boolean | InterruptOnConfig>>

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

/** The definition of an action that nobody has earned to run unseen: the stricter of both. */
export function tightened(definition: ActionDefinition): ActionDefinition {
  const { ceiling, risk } = definition
  return {
    ...definition,
    ceiling: ceiling === 'student' ? ceiling : 'intern',
    ...(risk === 'safe' && { risk: 'medium' as const }),
  }
}
