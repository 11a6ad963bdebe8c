import type { JsonObject } from '../port/json.ts'
import type { Risk } from '../port/vocabulary.ts'

/** State of a supervision session. */
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
  /** Who may take it although the lease of another is live. */
  readonly handedTo: string | null
  /** Who paused it, `lease` where nobody watched any more, null while it is not paused. */
  readonly pausedBy: string | null
  /** From 1 to 5; null until somebody who watched it rates it, within 7 days after it was completed. */
  readonly rating: number | null
  readonly feedback: string | null
  readonly ratedBy: string | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly endReason: string | null
}

/** One action inside a supervised run. */
export interface SessionStep {
  /** Id of its decision. */
  readonly id: string
  readonly action: string
  readonly args: JsonObject
  /** What it runs with instead, where a supervisor corrected it. */
  readonly correctedArgs: JsonObject | null
  readonly risk: Risk
  readonly state: 'waiting' | 'started' | 'withheld'
  /** It begins then unless somebody objects; null without a window, or while nobody watches. */
  readonly startsAt: string | null
  readonly objectedBy: string | null
  readonly createdAt: string
  /** Null while it waits or runs. */
  readonly endedAt: string | null
}

/** What a supervisor did to a session. */
export interface Intervention {
  readonly id: string
  readonly type: 'pause' | 'resume' | 'correct' | 'terminate' | 'object'
  readonly guidance: string | null
  readonly step: string | null
  readonly reason: string | null
  readonly requestedBy: string
  readonly requestedAt: string
  /** When it reached the run; null until then. */
  readonly appliedAt: string | null
}

/** A session with its last 100 steps and interventions. */
export interface SupervisionSessionDetail extends SupervisionSession {
  /** Steps that have started and not ended. */
  readonly inFlight: number
  readonly steps: readonly SessionStep[]
  readonly interventions: readonly Intervention[]
}

/** An intervention, as it is asked for. */
export type InterventionRequest =
  /** No step begins any more; `paused` is shown once nothing is under way. */
  | { readonly type: 'pause'; readonly reason?: string }
  | { readonly type: 'resume'; readonly reason?: string }
  /**
   * Tells the run something, once, with its next step or at its next checkpoint, or gives a step that waits other args;
   * `step` may be left out where one waits.
   */
  | {
      readonly type: 'correct'
      /** At most 4,000 characters. */
      readonly guidance?: string
      readonly args?: JsonObject
      readonly step?: string
    }
  /** Ends the run: its signal is aborted in every process. */
  | { readonly type: 'terminate'; readonly reason: string }

/** How a session went. */
export interface SessionRating {
  /** From 1 to 5. */
  readonly rating: number
  /** At most 4,000 characters. */
  readonly feedback?: string
}

/** What a run tells while it runs. */
export type RunEvent =
  | { readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }
  /** `value` from 0 to 1. */
  | { readonly kind: 'progress'; readonly value: number; readonly message?: string }
  | { readonly kind: 'output'; readonly text: string }

/** One event of a session, numbered without gaps. */
export interface SessionEvent {
  /** From 1. */
  readonly sequence: number
  /** `log`, `progress` and `output` come from the run; every other kind says what happened to the session. */
  readonly kind: string
  readonly body: JsonObject
  readonly at: string
}

/** From where the events of a session are followed, and until when. */
export interface SessionFollowing {
  /** Events after this number; default 0, which is from the beginning. */
  readonly after?: number
  /** Ends the iteration when it aborts; without one, `break` ends it. */
  readonly signal?: AbortSignal
}

/** A page of the events of a session. */
export interface SessionEventQuery {
  /** Events after this number; default 0. */
  readonly after?: number
  /** 1 to 500; default 100. */
  readonly limit?: number
}
