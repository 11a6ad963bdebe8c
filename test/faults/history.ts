import type { JournalVerification, JsonObject, Maturity, Route } from '@preceptor/client'

// What happened in a round, as three witnesses tell it: the Oracle, the clients, and the database. Times are milliseconds
// of the machine's clock unless they say otherwise.

/** One real effect, appended by the tool to a file outside the database before it answers. */
export interface Effect {
  readonly workspace: string
  readonly agent: string
  readonly action: string
  readonly key: string
  /** Whether the caller gave the key. */
  readonly keyed: boolean
  readonly argsHash: string
  readonly decision: string
  readonly attempt: number
  readonly nonce: string
  readonly process: string
  readonly at: number
  /** When the guarded call began. */
  readonly invokedAt: number
  /** When the gate called the tool. */
  readonly ranAt: number
  /** When the tool asked whether it may go on, if it did. */
  readonly checkedAt: number | null
  /** The session under which it was watched. */
  readonly session: string | null
  /** Whether the decision was committed when the tool looked, past the gate; null when it did not look. */
  readonly committed: boolean | null
}

/** One run of the work behind an idempotency key of a request. */
export interface Work {
  readonly workspace: string
  readonly key: string
  readonly nonce: string
  readonly process: string
  readonly at: number
}

/** What a person decided on a proposal, and was answered. */
export interface Review {
  readonly process: string
  readonly at: number
  readonly workspace: string
  readonly proposal: string
  readonly reviewer: string
  readonly verdict: 'approve' | 'edit' | 'reject' | 'respond'
  /** What was shown. */
  readonly actionHash: string
  /** Null when it was taken. */
  readonly code: string | null
}

/** What a client was answered. */
export interface Answer {
  readonly process: string
  readonly at: number
  readonly invokedAt: number
  readonly workspace: string
  readonly agent: string
  readonly action: string
  readonly key: string | null
  readonly status: 'executed' | 'replayed' | 'withheld' | 'threw'
  readonly decision: string | null
  readonly route: Route | null
  readonly code: string | null
  readonly maturity: Maturity | null
  /** Whether the outcome was said to be on record. */
  readonly recorded: boolean
  /** What the tool gave, or what the stored outcome holds. */
  readonly nonce: string | null
}

/** What somebody did to agents or stops. */
export interface Control {
  readonly process: string
  readonly workspace: string
  readonly kind: 'pause' | 'stop' | 'resume' | 'demote' | 'incident' | 'promote' | 'set-stop' | 'lift-stop'
  /** Null for a stop of a workspace or of everything. */
  readonly agent: string | null
  /** Whether it stops every workspace. */
  readonly everywhere: boolean
  readonly stop: string | null
  /** What a demotion left. */
  readonly maturity: Maturity | null
  readonly invokedAt: number
  /** Null: no answer came, so nobody knows. */
  readonly answeredAt: number | null
  /** The code of the error that it was answered with. */
  readonly code: string | null
}

/** What somebody did to a session that is watched. */
export interface Interference {
  readonly process: string
  readonly workspace: string
  readonly session: string
  readonly type: 'pause' | 'resume' | 'correct' | 'terminate'
  /** The step that was given other args, with their hash. */
  readonly step: string | null
  readonly argsHash: string | null
  readonly guidance: string | null
  readonly invokedAt: number
  /** Null: no answer came, so nobody knows. */
  readonly answeredAt: number | null
  readonly code: string | null
}

/** A time at which somebody attached to a session, or went on watching it. */
export interface Watch {
  readonly workspace: string
  readonly session: string
  readonly invokedAt: number
  /** Whether it was surely not done. */
  readonly isRefused: boolean
  /** Null: no answer came, so nobody knows. */
  readonly answeredAt: number | null
}

/** What a run was told by who watches it. */
export interface Told {
  readonly workspace: string
  readonly session: string
  readonly guidance: string
}

/** A version of a proposal that somebody changed in the database. */
export interface TamperedVersion {
  readonly proposal: string
  readonly version: number
}

/** A version of a proposal. */
export interface VersionRow extends TamperedVersion {
  readonly expiresAt: number
}

/** A delivery as it stands at the end. */
export interface DeliveryRow {
  readonly id: string
  readonly workspace: string
  /** Id of the row of the journal that it tells of. */
  readonly event: string
  readonly state: string
}

/** An answer to a request with an idempotency key. */
export interface OnceAnswer {
  readonly process: string
  readonly at: number
  readonly workspace: string
  readonly key: string
  readonly nonce: string | null
  readonly code: string | null
}

/** A time in which a process, or its way to the database, stood still or failed. */
export interface Disturbance {
  readonly process: string
  readonly kind: string
  readonly from: number
  readonly to: number
}

/** The end of a process. */
export interface ProcessEnd {
  readonly process: string
  readonly at: number
  /** `died`: by itself, which it must not. */
  readonly how: 'killed' | 'closed' | 'died'
  readonly detail: string
}

/** A row of the journal. */
export interface JournalRow {
  readonly id: string
  readonly workspace: string
  readonly position: number
  readonly sequence: number | null
  readonly kind: string
  readonly subject: string
  readonly agent: string | null
  readonly body: JsonObject
  /** By the clock of the server; null when it does not keep the times of commits. */
  readonly committedAt: number | null
}

/** An execution as it stands at the end. */
export interface ExecutionRow {
  readonly id: string
  readonly workspace: string
  readonly agent: string
  readonly key: string
  readonly action: string
  readonly argsHash: string
  readonly idempotent: boolean
  readonly decision: string
  readonly state: string
  readonly fence: number
  readonly attempt: number
  readonly nonce: string | null
}

/** A proposal as it stands at the end. */
export interface ProposalRow {
  readonly id: string
  readonly workspace: string
  readonly agent: string
  readonly key: string
  readonly action: string
  readonly executor: 'caller' | 'registered'
  readonly state: string
  readonly version: number
}

/** A record that must have journal rows: `settled` is the kind of the row of its end, where it has ended. */
export interface RecordRow {
  readonly table: string
  readonly workspace: string
  readonly id: string
  readonly state: string
}

/** An agent with its record. */
export interface AgentRow {
  readonly workspace: string
  readonly id: string
  readonly lifecycle: string
  readonly epoch: number
  readonly maturity: string
  readonly confidence: number
  /** Sum of the applied deltas of its ledger. */
  readonly ledger: number
}

/** What a verification of the journal said. */
export interface Verification {
  readonly workspace: string
  /** What it came after. */
  readonly after: string
  readonly result: JournalVerification
}

/** A round as it was. */
export interface History {
  readonly workspaces: readonly string[]
  /** Whether the clocks of machines jumped. */
  readonly jumps: boolean
  readonly effects: readonly Effect[]
  readonly works: readonly Work[]
  readonly answers: readonly Answer[]
  readonly onceAnswers: readonly OnceAnswer[]
  readonly reviews: readonly Review[]
  readonly controls: readonly Control[]
  readonly interferences: readonly Interference[]
  readonly watches: readonly Watch[]
  readonly told: readonly Told[]
  readonly tampered: readonly TamperedVersion[]
  /** Ids of the deliveries that whoever subscribed has got. */
  readonly received: readonly string[]
  readonly deliveries: readonly DeliveryRow[]
  readonly versions: readonly VersionRow[]
  /** What the hosts' logs were told. */
  readonly reports: readonly string[]
  readonly disturbances: readonly Disturbance[]
  readonly ends: readonly ProcessEnd[]
  readonly journal: readonly JournalRow[]
  readonly executions: readonly ExecutionRow[]
  readonly records: readonly RecordRow[]
  readonly proposals: readonly ProposalRow[]
  readonly agents: readonly AgentRow[]
  readonly verifications: readonly Verification[]
}
