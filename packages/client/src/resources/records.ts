import type { Decision } from '../port/decision.ts'
import type { JsonObject, JsonValue } from '../port/json.ts'
import type { Fingerprint } from '../port/trigger.ts'
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
  /** When a passed course made it worth another attempt. */
  readonly offeredAt: string | null
  readonly resolvedAt: string | null
  /** What came of the attempt that was made again, such as `proposal dec_…`. */
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
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  /** Why it was rejected. */
  readonly reason: string | null
  /** The session that its approval scheduled. */
  readonly sessionId: string | null
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

/** What a reviewer can say of a proposal: `edit` is an approval of other args. */
export type Verdict = 'approve' | 'edit' | 'reject' | 'respond'

/** Why a proposal was rejected. */
export type RejectionCategory = 'wrong_action' | 'wrong_args' | 'wrong_time' | 'not_allowed' | 'duplicate' | 'other'

/** Every reason, in the order in which people are asked. */
export const REJECTION_CATEGORIES: readonly RejectionCategory[] = [
  'wrong_action',
  'wrong_args',
  'wrong_time',
  'not_allowed',
  'duplicate',
  'other',
]

/** What one reviewer said of one version of a proposal. */
export interface ProposalReview {
  /** Name of the principal, such as `user:ana`. */
  readonly reviewer: string
  readonly version: number
  readonly verdict: Verdict
  readonly category: RejectionCategory | null
  readonly reason: string | null
  /** The hash that the reviewer decided on. */
  readonly actionHash: string
  readonly createdAt: string
}

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
  /**
   * What an approval is bound to: SHA-256 (hex) over the RFC 8785 canonical JSON of an object with the name of the
   * workspace as `workspace`, and with `agent`, `fingerprint`, `action`, `digest`, `args`, `policyVersion`, `expiresAt`
   * and `nonce` as they stand here.
   */
  readonly actionHash: string
  readonly policyVersion: number
  /** The build of the agent that is approved. */
  readonly fingerprint: Fingerprint
  /** Digest of the registered action, its schema included. */
  readonly digest: string
  readonly nonce: string
  readonly proposedBy: string
  /** What reviewers said, of every version, oldest first. */
  readonly reviews: readonly ProposalReview[]
  /** Who decided; empty while nobody has, and when it expired. */
  readonly decidedBy: readonly string[]
  readonly decidedAt: string | null
  /** What a reviewer answered instead of the action. */
  readonly response: JsonValue
  /** Id of the user who is to decide. */
  readonly assignedTo: string | null
  /** Who said that they are looking; it stops escalation, not the expiry. */
  readonly acknowledgedBy: string | null
  readonly acknowledgedAt: string | null
  /** Escalation waits until then. */
  readonly snoozedUntil: string | null
  /** Approved, it may run from then on; null without a wait. */
  readonly runnableAt: string | null
  readonly expiresAt: string
  readonly createdAt: string
  readonly updatedAt: string
}

/** The version that a reviewer decides on, with the hash that was shown. */
export interface ReviewedVersion {
  readonly version: number
  readonly actionHash: string
}

/** An approval. */
export interface ProposalApproval extends ReviewedVersion {
  /** Args to run with instead; they are parsed, ruled on and hashed anew. */
  readonly args?: JsonObject
  readonly reason?: string
}

/** A rejection. */
export interface ProposalRejection extends ReviewedVersion {
  readonly category: RejectionCategory
  readonly reason: string
}

/** An answer in the place of the action. */
export interface ProposalResponse extends ReviewedVersion {
  /** What the caller gets as the value of the action. */
  readonly response: JsonValue
  readonly reason?: string
}

/** What a person found out about a run whose outcome was unknown. */
export interface ProposalResolution {
  readonly outcome: 'succeeded' | 'failed'
  readonly reason: string
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
  readonly state: QueueState
  /** `registered`: a worker that has the action runs it. `caller`: who asked runs it when it comes back. */
  readonly executor: 'caller' | 'registered'
  /** How often its run was claimed, 3 at most. */
  readonly attempt: number
  /** The session of its run; null while nobody is asked to watch it. */
  readonly sessionId: string | null
  /** Id of the user who was asked to watch it and has not answered yet. */
  readonly offeredTo: string | null
  readonly executionId: string | null
  /** What is on record of its last run; null before one has ended. */
  readonly outcome: 'succeeded' | 'failed' | 'outcome_unknown' | null
  /** Why it waits, or how it ended. */
  readonly reason: string | null
  readonly expiresAt: string
  readonly createdAt: string
  readonly startedAt: string | null
  readonly settledAt: string | null
}

/** All states of a queue entry. */
export const QUEUE_STATES: readonly QueueState[] = [
  'pending',
  'executing',
  'completed',
  'failed',
  'cancelled',
  'expired',
  'outcome_unknown',
]

/** State of a queue entry; everything but `pending`, `executing` and `outcome_unknown` is final. */
export type QueueState = 'pending' | 'executing' | 'completed' | 'failed' | 'cancelled' | 'expired' | 'outcome_unknown'

/** How the supervised queue stands. */
export interface QueueStats {
  /** How many entries are in each state; together they are all that were ever enqueued. */
  readonly states: Readonly<Record<QueueState, number>>
  /** Entries that were ever enqueued, by the journal; the states sum up to it. */
  readonly enqueued: number
  /** Entries that may run as soon as somebody can watch, and since when the oldest waits. */
  readonly waiting: number
  readonly oldestWaitingSince: string | null
}

/** What came of a queued run whose outcome was unknown. */
export interface QueueResolution {
  readonly outcome: 'succeeded' | 'failed'
  readonly reason: string
}

/** Where in the queue an entry is to stand. */
export interface QueuePriority {
  /** 0 to 9; what has the highest is offered first. Entries begin with that of their risk: 1, 5, 8 or 9. */
  readonly priority: number
  readonly reason: string
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
  /** Who did it, such as `user:ana`; a name without its kind is that of whoever bears it. */
  readonly actor?: string
  /** Only rows that were recorded then or later, ISO 8601. */
  readonly from?: string
  /** Only rows that were recorded before, ISO 8601. */
  readonly to?: string
  /** Only rows with a sequence greater than this, in order of sequence. */
  readonly after?: number
}

/** What an export of the journal holds. */
export interface JournalExportQuery {
  /** Lines of JSON, which can be verified without the database, or CSV; default `jsonl`. */
  readonly format?: 'jsonl' | 'csv'
  /** Only rows with a sequence greater than this; default 0. */
  readonly after?: number
  /** Only rows about this agent. Where rows are left out, the chain cannot be computed again. */
  readonly agent?: string
  readonly kind?: string
  /** Ends the export. */
  readonly signal?: AbortSignal
}

/** What a verification of the journal found. */
export interface JournalVerification {
  readonly ok: boolean
  /** Rows that are sealed and were checked. */
  readonly checked: number
  /** Rows that wait to be sealed. */
  readonly unsealed: number
  readonly head: { readonly sequence: number; readonly hash: string }
  /**
   * The signed checkpoints of the workspace that are kept outside the database, and the last one that the journal agreed
   * with: rows after it are not anchored. Null where none are configured.
   */
  readonly anchor: {
    readonly checkpoints: number
    readonly sequence: number
    /** ISO 8601, UTC; null before the first. */
    readonly takenAt: string | null
  } | null
  /** The first thing that is wrong, if anything is. */
  readonly problem: { readonly sequence: number | null; readonly what: string } | null
}
