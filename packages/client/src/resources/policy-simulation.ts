import type { ErrorCode } from '../errors/error-codes.ts'
import type { Route } from '../port/vocabulary.ts'

/** What a policy is simulated on. */
export interface PolicySimulationOptions {
  /** The decisions of so many days, 1 to 30; default 7. */
  readonly days?: number
  /** How many differences are listed, 0 to 2,000; default 50. */
  readonly listed?: number
}

/**
 * Where a policy sends an attempt. What waits in the queue, the policy sent to `supervision`; what ran under an approval
 * or a grant, it sent to `proposal`: who was there to watch or to approve is not the policy's.
 */
export type SimulatedRoute = Exclude<Route, 'queue'>

/** Why a decision could not be judged. */
export type UnjudgedReason =
  /** It fell before any rule was asked: a fault, or a principal that may not ask. */
  | 'not_ruled'
  /** The definition of the action is gone. */
  | 'action_gone'
  /** A condition asks for args or a resource of which the record keeps no secrets. */
  | 'args_hidden'
  /** A limit on it differs: what was left of it at that time is not kept. */
  | 'limit_differs'
  /** The policy that it was decided by can no longer be read. */
  | 'policy_gone'
  /** The rules, asked again with what is on record, do not give what was decided: it rested on something that is not. */
  | 'not_reproduced'

/** A decision that would differ. */
export interface SimulatedDifference {
  /** Id of the decision. */
  readonly id: string
  readonly agent: string
  readonly action: string
  readonly decidedAt: string
  readonly before: SimulatedRoute
  readonly after: SimulatedRoute
  /** The code that it would have had: of a denial, `APPROVAL_REQUIRED`, `TRAINING_REQUIRED`; else null. */
  readonly code: ErrorCode | null
  /** Why it would differ, in one sentence. */
  readonly reason: string
}

/** So many decisions that would have gone one way instead of another. */
export interface SimulatedShift {
  readonly before: SimulatedRoute
  readonly after: SimulatedRoute
  readonly count: number
}

/** What a policy would have changed. */
export interface PolicySimulation {
  /** ISO 8601, UTC. */
  readonly from: string
  /** ISO 8601, UTC. */
  readonly to: string
  /** Decisions of that time. */
  readonly total: number
  /** Those that were looked at: the newest 2,000 at most. */
  readonly looked: number
  /** Those of them that could be judged. */
  readonly judged: number
  /** The others, by reason, the most frequent first. */
  readonly unjudged: readonly { readonly reason: UnjudgedReason; readonly count: number }[]
  /** Those judged that would go another way. */
  readonly differing: number
  /** Of all that were judged, the most frequent first. */
  readonly routes: readonly SimulatedShift[]
  /** Those that would run with less of a look at them: the order is execution, supervision, proposal, training, denied. */
  readonly looser: number
  /** Those that would differ, by action, the most frequent first; at most 100. */
  readonly actions: readonly (SimulatedShift & { readonly action: string })[]
  /** The same by agent. */
  readonly agents: readonly (SimulatedShift & { readonly agent: string })[]
  /** The newest of those that would differ. */
  readonly differences: readonly SimulatedDifference[]
}
