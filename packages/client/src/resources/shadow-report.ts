import type { ErrorCode } from '../errors/error-codes.ts'
import type { SimulatedRoute } from './policy-simulation.ts'

/** From when on a report looks. */
export interface ShadowQuery {
  /** ISO 8601, at most 90 days ago; default 7 days ago. */
  readonly since?: string
}

/**
 * How many of the attempts that ran in shadow the policy would have sent where. `execution` would have run just so;
 * `supervision` is what would have run watched, or waited in the queue for that.
 */
export type ShadowCounts = Readonly<Record<SimulatedRoute, number>>

/** A capability that the policy only watches, or only watched. */
export interface ShadowedCapability {
  readonly capability: string
  /** Whether the policy that is in force still only watches it. */
  readonly isShadowed: boolean
  /** Attempts that ran while it was only watched. */
  readonly ran: number
  /** Where enforcing would have sent them. */
  readonly would: ShadowCounts
  /** At most 100, those first of which enforcing would have stopped the most. */
  readonly agents: readonly { readonly agent: string; readonly ran: number; readonly would: ShadowCounts }[]
  /** At most 100, in the same order. */
  readonly actions: readonly { readonly action: string; readonly ran: number; readonly would: ShadowCounts }[]
}

/** An attempt that ran in shadow and would not just have run. */
export interface ShadowedDecision {
  /** Id of the decision. */
  readonly id: string
  readonly agent: string
  readonly action: string
  readonly capability: string
  /** ISO 8601, UTC. */
  readonly decidedAt: string
  readonly would: Exclude<SimulatedRoute, 'execution'>
  /** Of a denial; else null. */
  readonly code: ErrorCode | null
  readonly reason: string
}

/** What enforcing would have done to what ran in shadow. */
export interface ShadowReport {
  /** ISO 8601, UTC. */
  readonly from: string
  /** ISO 8601, UTC. */
  readonly to: string
  /** By name; one that is in shadow and was not used is among them. */
  readonly capabilities: readonly ShadowedCapability[]
  /** The newest that would not just have run, at most 50. */
  readonly latest: readonly ShadowedDecision[]
}
