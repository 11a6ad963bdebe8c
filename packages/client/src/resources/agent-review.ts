import type { JsonObject } from '../port/json.ts'
import type { Risk } from '../port/vocabulary.ts'
import type { ArgChange } from './arg-change.ts'

/** What an autonomous reviewer says of an action. */
export type ReviewVerdict = 'approve' | 'deny' | 'escalate'

/**
 * What an autonomous reviewer said of one version of a proposal, or of one step of a run that it watches, once; or of a
 * canary: an action made up to test it.
 */
export interface AgentReview {
  readonly id: string
  readonly kind: 'proposal' | 'canary' | 'step'
  /** Null for what is no proposal. */
  readonly proposalId: string | null
  readonly version: number | null
  /** The session of a step, and the step: id of its decision. Null for what is none. */
  readonly sessionId: string | null
  readonly stepId: string | null
  /** Whose action it is; of a canary the reviewer. */
  readonly agent: string
  readonly action: string
  readonly risk: Risk
  /** Hash of what was reviewed. */
  readonly actionHash: string
  /** Id of the agent that reviewed. */
  readonly reviewer: string
  /** `rules`, or `model:` or `endpoint:` and its name. */
  readonly by: string
  readonly askedBy: string
  readonly state: 'asked' | 'completed'
  /** Null until it answered. */
  readonly verdict: ReviewVerdict | null
  /** One sentence each. */
  readonly reasons: readonly string[]
  /** What followed from it; where nothing did, people decide. */
  readonly effect: 'approved' | 'rejected' | 'none' | null
  /** Why nothing followed from it. */
  readonly note: string | null
  /** Whether it measures the reviewer: a proposal is left to people, and the session of a step is for them to rate. */
  readonly isSampled: boolean
  /** Whether there was no valid verdict in time. */
  readonly isFault: boolean
  /**
   * With `escalate`: the args as it would have them, which the action takes; null where it suggests none. What the schema
   * hides is masked and stays what it is: whoever approves the version with these args approves the next one.
   */
  readonly suggestedArgs: JsonObject | null
  /** What would change by it. */
  readonly suggestions: readonly ArgChange[]
  readonly createdAt: string
  readonly completedAt: string | null
}

/** What an autonomous reviewer has shown, since it counts and as it is bound now. */
export interface ReviewerRecord {
  /** Verdicts that people came to as well. */
  readonly agreed: number
  readonly disagreed: number
  /** Canaries that it did not approve. */
  readonly caught: number
  readonly missed: number
  /** Proposals and steps that it decided. */
  readonly decided: number
  /** How much of the evidence is there that its verdicts need to count, 0 to 1, by risk. */
  readonly share: { readonly safe: number; readonly medium: number }
  /** Whether its verdicts count, by risk. Those on high and critical risk never do. */
  readonly counts: { readonly safe: boolean; readonly medium: boolean }
}

/** An agent that reviews. */
export interface Reviewer {
  /** Id of the agent. */
  readonly agent: string
  readonly state: 'active' | 'suspended'
  /** What it is bound to in the process that answers: `rules`, or `model:` or `endpoint:` and its name; null where it is not. */
  readonly by: string | null
  readonly record: ReviewerRecord
  readonly changedBy: string | null
  readonly reason: string | null
  readonly changedAt: string | null
}
