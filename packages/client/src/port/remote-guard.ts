import type { ErrorCode } from '../errors/error-codes.ts'
import type { RunEvent } from '../resources/supervision.ts'
import type { Decision, ExecutionDecision, SupervisionDecision } from './decision.ts'
import type { StoredOutcome } from './guard.ts'
import type { JsonObject } from './json.ts'
import type { Trigger } from './trigger.ts'

/** A run that the gate lets through, for a process that is not the one of the gate. */
export interface RemoteCall {
  /** The args as parsed; null when they are those of the trigger. */
  readonly args: JsonObject | null
  /** 1 for the first attempt. */
  readonly attempt: number
  readonly idempotencyKey: string
  /** Null for a safe action: reading twice does no harm. */
  readonly claim: RemoteClaim | null
  /** What a supervisor said to the run before it. */
  readonly guidance: readonly string[]
  /** For how many milliseconds somebody is known to watch, from when it was asked for; null where nobody has to. */
  readonly watchedMs: number | null
  /** Where the gate traces: the spans of what was decided, for that of the run. */
  readonly trace?: RemoteTrace
}

/** Spans of decisions, each as a `traceparent`. */
export interface RemoteTrace {
  /** Of the decision that lets it run. */
  readonly decision: string
  /** Of the decision that asked people, where one did. */
  readonly asked?: string
}

/** A claim that is kept alive from afar. */
export interface RemoteClaim {
  /** Grows with every claim of the attempt; whatever comes with an older one is refused. */
  readonly fence: number
  /** The agents that it rests on, the acting one first, each with its epoch at the claim. */
  readonly epochs: readonly { readonly agent: string; readonly epoch: number }[]
  /** It lasts so many milliseconds from when it was asked for, and as long again from each checkpoint. */
  readonly leaseMs: number
}

/** What beginning a guarded run from afar answers. */
export type RemoteAnswer =
  | {
      readonly status: 'permitted'
      readonly decision: ExecutionDecision | SupervisionDecision
      readonly call: RemoteCall
    }
  /** Nobody watches yet: ask `claim` until somebody does. */
  | {
      readonly status: 'waiting'
      readonly decision: SupervisionDecision
      /** Milliseconds to wait in all, unless the host says otherwise. */
      readonly attachWithinMs: number
    }
  | { readonly status: 'replayed'; readonly decision: Decision; readonly outcome: StoredOutcome }
  | { readonly status: 'withheld'; readonly decision: Exclude<Decision, ExecutionDecision> }

/** The attempt that was decided on, with how long to wait for somebody to watch it. */
export interface RemoteClaimRequest {
  readonly trigger: Trigger
  /** Milliseconds to wait now, at most 5,000. */
  readonly withinMs: number
  /** What follows when nobody watches by then: to ask again, the queue, or nothing because the caller left. */
  readonly otherwise: 'wait' | 'queue' | 'give_up'
}

/** A run that goes on. */
export interface RemoteCheckpoint {
  readonly agent: string
  /** Agents that delegated down to this one, origin first. */
  readonly delegation?: readonly string[]
  /** Of the claim; null without one. */
  readonly claim: Pick<RemoteClaim, 'fence' | 'epochs'> | null
  /** Asks also whether the session is watched, and waits so many milliseconds for it, at most 5,000. */
  readonly watchWithinMs?: number
}

/** What a checkpoint answers. */
export interface RemoteCheckpointed {
  readonly watched: boolean
  /** Somebody who is there holds the run up: it is worth to wait on. */
  readonly held: boolean
  /** What a supervisor said since the last one, told once. */
  readonly guidance: readonly string[]
  /** For how many milliseconds somebody is known to watch, from when it was asked for; null where nobody has to. */
  readonly watchedMs: number | null
}

/** What a run says. */
export interface RemoteEvents {
  readonly agent: string
  /** Of the claim. */
  readonly fence: number
  /** At most 100. */
  readonly events: readonly RunEvent[]
}

/** The end of a run. */
export interface RemoteEnd {
  readonly agent: string
  /** Of the claim; null without one. */
  readonly fence: number | null
  /** `released`: nothing ran, the same attempt may be made again. */
  readonly outcome: StoredOutcome | { readonly status: 'released' }
  /** Of a run that was let through and did not begin: it is on record as denied in the end. */
  readonly refusal?: ErrorCode
  /** Ends the session of a run that was this one call. */
  readonly session?: 'completed' | 'failed'
}

/** What a guard in another process asks of the gate, one call of each kind. */
export interface RemoteGuardOperations {
  /**
   * Decides on a trigger and claims what may run for a run that the caller keeps alive by checkpoints: without one its
   * outcome is unknown after the lease.
   *
   * @throws GovernanceError `INPUT_INVALID` for a trigger that is not one.
   */
  begin(trigger: Trigger): Promise<RemoteAnswer>
  /**
   * Waits until the session of a decision is watched, and claims the run under that watch.
   *
   * @throws GovernanceError `NOT_FOUND`, `CONFLICT` for another attempt than was decided on, or the code of a fault.
   */
  claim(decisionId: string, request: RemoteClaimRequest): Promise<RemoteAnswer>
  /**
   * Renews the claim and says whether the run may go on; `watched` is false while nobody watches its session, or while it
   * is paused.
   *
   * @throws GovernanceError `STOPPED`, `AGENT_PAUSED`, `AGENT_STOPPED`, `AGENT_RETIRED`, `AGENT_CHANGED`,
   * `EXECUTION_FENCED`, `NOT_FOUND`, or the code of a fault.
   */
  checkpoint(decisionId: string, checkpoint: RemoteCheckpoint): Promise<RemoteCheckpointed>
  /**
   * Tells who watches the run what it says.
   *
   * @throws GovernanceError `EXECUTION_FENCED`, `NOT_FOUND`, `INPUT_INVALID`, or the code of a fault.
   */
  emit(decisionId: string, said: RemoteEvents): Promise<void>
  /**
   * Records the end of the run; the same end twice is recorded once.
   *
   * @throws GovernanceError `EXECUTION_FENCED`, `NOT_FOUND`, or the code of a fault.
   */
  settle(decisionId: string, end: RemoteEnd): Promise<void>
}
