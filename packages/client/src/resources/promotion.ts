import type { Maturity } from '../port/vocabulary.ts'
import type { PageQuery } from './page.ts'

/** What is asked about: one capability of an agent, or without it the agent as a whole. */
export interface CapabilityChoice {
  readonly capability?: string
}

/** A page of what was written of an agent; of all its capabilities unless one is named. */
export interface LedgerQuery extends PageQuery, CapabilityChoice {}

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

/** What a timeline tells of, by the name of the event. */
export const TIMELINE_KINDS = [
  'agent.registered',
  'agent.promoted',
  'agent.demoted',
  'agent.paused',
  'agent.resumed',
  'agent.stopped',
  'agent.retired',
  'agent.attested',
  'agent.capped',
  'agent.incident_recorded',
  'agent.incident_closed',
  'training_session.completed',
] as const

/** Name of an event that stands in a timeline. */
export type TimelineKind = (typeof TIMELINE_KINDS)[number]

/** One thing that became of an agent. */
export interface TimelineEntry {
  /** Id of its journal row. */
  readonly id: string
  readonly kind: TimelineKind
  /** What it is about: the agent, a transition, an incident, a training session. */
  readonly subjectId: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly actor: string
  readonly reason: string | null
  /** `*` is the whole agent; null where it is about none. */
  readonly capability: string | null
  readonly from: Maturity | null
  readonly to: Maturity | null
  /** Basis points, after it. */
  readonly confidence: number | null
}
