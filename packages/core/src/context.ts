import type { ErrorCode } from '@preceptor/client'
import type { Database } from './database/open-database.ts'
import type { Tx } from './database/transaction.ts'
import type { CheckpointLog } from './journal/checkpoints/checkpoint-log.ts'
import type { Journal } from './journal/journal.ts'
import type { SharedReads } from './journal/shared-reads.ts'
import type { Clock } from './kernel/clock.ts'
import type { Ids } from './kernel/ids.ts'
import type { Settings } from './settings.ts'
import type { Meter } from './telemetry/meter.ts'

/** Places at which a test may make the process die, throw or wait. */
export type FailpointName =
  | 'decide.before_commit'
  | 'decide.after_commit'
  | 'claim.before_commit'
  | 'claim.after_commit'
  | 'supervisor.lease_lost'
  | 'approve.before_commit'
  | 'approve.after_commit'
  | 'tool.after_send'
  | 'tool.after_response'
  | 'record.before_commit'
  | 'record.after_commit'
  | 'demote.after_commit_before_hint'
  | 'cache.fill_after_read'
  | 'seal.before_commit'
  | 'reply.before_send'
  | 'pause.before_commit'
  | 'step.after_commit'
  | 'enqueue.after_commit'
  | 'queue.after_commit'
  | 'delivery.after_commit'
  | 'delivery.after_send'
  | 'review.after_answer'
  | 'migration.before_commit'
  | 'workflow.after_claim'
  | 'workflow.before_commit'
  | 'workflow.after_commit'

/** Called at each of those places; the default does nothing. */
export type Failpoint = (name: FailpointName) => Promise<void>

/** What the host's log is told. */
export interface Report {
  readonly level: 'warn' | 'error'
  readonly code: ErrorCode | 'NOTICE'
  readonly message: string
  /** The trace in which it happened, where somebody traces. */
  readonly traceId?: string
}

/** An execution that something waits for, as it ended: a proposal, a grant that was used ahead of time, a queue entry. */
export interface SettledExecution {
  readonly proposalId: string | null
  readonly grantId: string | null
  readonly queueEntryId: string | null
  readonly executionId: string
  readonly agent: string
  readonly actor: string
  readonly end: 'succeeded' | 'failed' | 'released' | 'outcome_unknown'
  /** What the end shows of the agent; null where it shows nothing. */
  readonly shown: ShownRun | null
}

/** What a run has shown of its agent. */
export interface ShownRun {
  /** The capability at which it counts. */
  readonly capability: string
  readonly outcome: 'succeeded' | 'failed'
  /** When it was claimed; ISO 8601. */
  readonly beganAt: string
}

/** The end of a step in a supervised run. */
export interface StepEnd {
  readonly sessionId: string
  readonly decisionId: string
  readonly end: SettledExecution['end']
}

/** What the end of a run tells the session that watches it. */
export interface SessionSteps {
  /** Holds the session, before its execution is touched. */
  readonly hold: (tx: Tx, sessionId: string) => Promise<{ readonly isTerminated: boolean }>
  /** Told of each end, in the transaction that records it. */
  readonly ended: (tx: Tx, end: StepEnd) => Promise<void>
}

/** Wakes whoever follows a session when there is something new in it. It is a hint, and may come for nothing. */
export interface SessionBells {
  /** Rings for a session that this process has added to. */
  ring(workspace: string, session: string): void
  /** Calls the listener when a session was added to, here or elsewhere; gives the function that ends it. */
  subscribe(workspace: string, session: string, listener: () => void): () => void
}

/** An agent that failed, or was refused. */
export interface AgentFailure {
  readonly workspace: string
  readonly agent: string
}

/** What every use case stands on. */
export interface GovernorContext {
  readonly database: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly failpoint: Failpoint
  readonly journal: Journal
  /** The signed heads of the journal that are kept outside the database; not there where none are configured. */
  readonly checkpoints?: CheckpointLog | undefined
  readonly settings: Settings
  readonly report: (report: Report) => void
  /** Told of each end of a run that something waits for, in the transaction that records it. */
  readonly settled: (tx: Tx, settled: SettledExecution) => Promise<void>
  /** Told of each run that failed and each attempt that was refused for what it is, once that is on record. */
  readonly failed: (failure: AgentFailure) => Promise<void>
  readonly sessionSteps: SessionSteps
  readonly sessionBells: SessionBells
  /** What followers of the same read together. */
  readonly sharedReads: SharedReads
  /** Counts what this process did. */
  readonly meter: Meter
}
