import type { Decision } from '../port/decision.ts'
import type { JsonObject } from '../port/json.ts'
import type { Maturity, Risk, Route, TriggerSource } from '../port/vocabulary.ts'
import type { PageQuery } from './page.ts'

/** A decision as the journal holds it, with the outcome of the run where there was one. */
export interface DecisionRecord {
  readonly decision: Decision
  readonly workspace: string
  /** Who asked: kind and id of the principal. */
  readonly actor: string
  /** Args with secrets redacted. */
  readonly args: JsonObject
  readonly execution: ExecutionRecord | null
}

/** One claim to run one action once. */
export interface ExecutionRecord {
  readonly id: string
  readonly decisionId: string
  readonly agent: string
  readonly action: string
  readonly state: 'claimed' | 'succeeded' | 'failed' | 'released' | 'outcome_unknown'
  readonly attempt: number
  readonly claimedAt: string
  readonly settledAt: string | null
}

/** An attempt of a student that was blocked. */
export interface BlockedTrigger {
  readonly id: string
  readonly agent: string
  readonly decisionId: string
  readonly source: TriggerSource
  readonly type: string | null
  readonly action: string
  readonly args: JsonObject
  readonly resource: string | null
  readonly maturity: Maturity
  /** Basis points at the block. */
  readonly confidence: number
  readonly route: Route
  readonly trainingProposalId: string
  readonly resolvedAt: string | null
  readonly resolution: string | null
  readonly createdAt: string
}

/** A course that was proposed from capability gaps. */
export interface TrainingProposal {
  readonly id: string
  readonly agent: string
  readonly capability: string
  readonly gaps: readonly string[]
  readonly title: string
  readonly plan: JsonObject
  readonly state: 'proposed' | 'approved' | 'rejected'
  /** How many blocked triggers it stands for. */
  readonly repeats: number
  readonly createdAt: string
  readonly updatedAt: string
}

/** States of a proposal. */
export type ProposalState =
  | 'pending'
  | 'approved'
  | 'executing'
  | 'succeeded'
  | 'failed'
  | 'outcome_unknown'
  | 'rejected'
  | 'responded'
  | 'expired'
  | 'cancelled'

/** A durable request for review of one exact action. */
export interface Proposal {
  readonly id: string
  readonly agent: string
  readonly decisionId: string
  readonly action: string
  readonly risk: Risk
  readonly maturity: Maturity
  readonly source: TriggerSource
  readonly type: string | null
  readonly resource: string | null
  /** What the agent says about it; never part of what runs. */
  readonly context: JsonObject | null
  readonly executor: 'caller' | 'registered'
  readonly requiredApprovals: number
  readonly state: ProposalState
  readonly version: number
  /** Args of the present version, as parsed. */
  readonly args: JsonObject
  readonly actionHash: string
  readonly policyVersion: number
  readonly proposedBy: string
  readonly expiresAt: string
  readonly createdAt: string
  readonly updatedAt: string
}

/** States of a supervision session. */
export type SupervisionState =
  | 'starting'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'correcting'
  | 'completed'
  | 'terminated'
  | 'failed'

/** A supervised run. */
export interface SupervisionSession {
  readonly id: string
  readonly agent: string
  readonly run: string
  readonly decisionId: string
  readonly action: string
  readonly state: SupervisionState
  readonly supervisorId: string | null
  /** The supervisor must renew before this time. */
  readonly supervisorLeaseExpiresAt: string | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly endReason: string | null
}

/** A run that waits for a supervisor. */
export interface QueueEntry {
  readonly id: string
  readonly agent: string
  readonly decisionId: string
  readonly action: string
  readonly args: JsonObject
  readonly risk: Risk
  readonly source: TriggerSource
  readonly priority: number
  readonly state: 'pending' | 'executing' | 'completed' | 'failed' | 'cancelled' | 'expired' | 'outcome_unknown'
  readonly attempt: number
  readonly expiresAt: string
  readonly createdAt: string
}

/** Filters of lists of what agents did. */
export interface RecordQuery extends PageQuery {
  readonly agent?: string
  /** One state, or `active` for everything that has not ended. */
  readonly state?: string
}

/** One row of the journal. */
export interface JournalEntry {
  readonly id: string
  /** Place in the sealed chain; null while it waits to be sealed. */
  readonly sequence: number | null
  readonly kind: string
  readonly subjectId: string
  readonly agent: string | null
  readonly body: JsonObject
  readonly recordedAt: string
  readonly hash: string | null
}

/** Filters of the journal. */
export interface JournalQuery extends PageQuery {
  readonly agent?: string
  readonly subject?: string
  readonly kind?: string
  /** Only rows with a sequence greater than this, in order of sequence. */
  readonly after?: number
}

/** What a verification of the journal found. */
export interface JournalVerification {
  readonly ok: boolean
  /** Rows that are sealed and were checked. */
  readonly checked: number
  /** Rows that wait to be sealed. */
  readonly unsealed: number
  readonly head: { readonly sequence: number; readonly hash: string }
  /** The first thing that is wrong, if anything is. */
  readonly problem: { readonly sequence: number | null; readonly what: string } | null
}
