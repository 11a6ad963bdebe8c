import type { Maturity } from '../port/vocabulary.ts'

/** What a promotion asks for. */
export type PromotionGateName =
  | 'confidence'
  | 'training'
  | 'incidents'
  | 'proposals'
  | 'sessions'
  | 'reviewers'
  | 'reviewer_share'
  | 'terminations'
  | 'sign_off'

/** One thing that a promotion asks for, as it stands. */
export interface PromotionGate {
  readonly name: PromotionGateName
  readonly met: boolean
  /** In the unit of the gate: basis points, a count, a share, or an e-value. */
  readonly value: number
  readonly target: number
  /** How much of it is there, 0 to 1. */
  readonly share: number
  /** What would do; null when it is met. */
  readonly missing: string | null
}

/** What an agent lacks for its next level, and why. */
export interface PromotionExplanation {
  readonly agent: string
  /** `*` is the whole agent. */
  readonly capability: string
  readonly maturity: Maturity
  /** Basis points. */
  readonly confidence: number
  /** The next level; null for an agent that is autonomous. */
  readonly to: Maturity | null
  readonly policy: 'earned' | 'bands'
  readonly gates: readonly PromotionGate[]
  /** Whether every gate is met. */
  readonly ready: boolean
}

/** A violation of the policy, or a safety event, that somebody recorded. */
export interface Incident {
  readonly id: string
  readonly agent: string
  readonly reason: string
  readonly recordedBy: string
  readonly createdAt: string
  readonly closedBy: string | null
  readonly closedReason: string | null
  readonly closedAt: string | null
}
