import type { ErrorCode, JsonObject, Trigger } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { ActionSpecification } from '../actions/registered-action.ts'

/** The registered action that a trigger names, with the args as parsed, or why there is none. */
export type ActionResolution =
  | {
      readonly status: 'resolved'
      readonly action: ActionSpecification
      readonly args: JsonObject
      readonly argsHash: string
    }
  | { readonly status: 'unresolved'; readonly code: ErrorCode; readonly reason: string }

/** What an attempt that is a question asks of people. */
export interface Question {
  /** How many have to approve; more where the rules ask for more. */
  readonly approvals: number
  /** Milliseconds until it expires; default: that of the workspace. */
  readonly expiresInMs?: number
}

/** One trigger on its way through the gate. */
export interface Attempt {
  readonly actor: Actor
  readonly trigger: Trigger
  /** Whether the caller gave the key; a made-up one cannot have been seen before. */
  readonly keyed: boolean
  readonly idempotencyKey: string
  /** The key that the caller gave, where it runs under the approval of an attempt with another one. */
  readonly askedKey?: string
  readonly decisionId: string
  readonly decidedAt: string
  /** On the monotonic clock: the deadline counts from here. */
  readonly startedAt: number
  readonly resolution: ActionResolution
  /** Only where the action asks people. */
  readonly question?: Question
  /** The span of its decision, where somebody traces (W3C Trace Context). */
  readonly traceparent?: string
}

/** A permit that stands for whatever was approved of just these args. */
export const MATCHING = 'matching'

/** Whether a trigger names one approval. */
export const namesApproval = ({ permit }: Trigger): boolean => permit !== undefined && permit !== MATCHING

/** The agents that an attempt rests on: the acting one and those that delegated to it. */
export function agentsOf(trigger: Pick<Trigger, 'agent' | 'delegation'>): readonly string[] {
  return trigger.delegation === undefined ? [trigger.agent] : [trigger.agent, ...trigger.delegation]
}
