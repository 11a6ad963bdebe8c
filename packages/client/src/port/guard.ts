import type { RunEvent } from '../resources/supervision.ts'
import type { Decision, ExecutionDecision, SupervisionDecision } from './decision.ts'
import type { JsonObject, JsonValue } from './json.ts'

/** What the guarded function is given. */
export interface GuardCall {
  /** The args as parsed: exactly what was decided on. */
  readonly args: JsonObject
  /** Aborted when the run is terminated, its claim is lost, or the governor closes. */
  readonly signal: AbortSignal
  readonly decision: ExecutionDecision | SupervisionDecision
  /** Hand this to the system that takes the effect, so that it can recognise a repeated call. */
  readonly idempotencyKey: string
  /** 1 for the first attempt. */
  readonly attempt: number
  /**
   * Asks whether the run may still go on; call it before each further effect of a long run. While the run is paused it
   * waits, and gives what a supervisor said since the last one.
   *
   * @throws GovernanceError `STOPPED`, `AGENT_PAUSED`, `RUN_TERMINATED`, `EXECUTION_FENCED`, or the code of a fault.
   */
  readonly checkpoint: () => Promise<Checkpointed>
  /** What a supervisor said to the run before this action, told once. */
  readonly guidance: readonly string[]
  /** Tells whoever watches the run; without a supervision session nobody does, and nothing is kept. */
  readonly emit: (event: RunEvent) => void
}

/** What a checkpoint gives. */
export interface Checkpointed {
  /** What a supervisor said since the last one, told once. */
  readonly guidance: readonly string[]
}

/** The action ran. */
export interface ExecutedResult<T> {
  readonly status: 'executed'
  readonly decision: ExecutionDecision | SupervisionDecision
  readonly value: T
  /** Whether the outcome is on record; false only when the store failed after the action had run. */
  readonly recorded: boolean
}

/** The same attempt ran before; nothing ran now. */
export interface ReplayedResult {
  readonly status: 'replayed'
  readonly decision: Decision
  /** The recorded outcome of the attempt that ran. */
  readonly outcome: StoredOutcome
  /** What a reviewer answered in the place of the action, where one did; the action then never ran. */
  readonly answer?: JsonValue
}

/** The action did not run; the decision says why and what waits. */
export interface WithheldResult {
  readonly status: 'withheld'
  readonly decision: Exclude<Decision, ExecutionDecision>
}

/** What `guard` answers. */
export type GuardResult<T> = ExecutedResult<T> | ReplayedResult | WithheldResult

/** The recorded outcome of an execution. */
export type StoredOutcome =
  /** The value is null when it was larger than 64 kB or no JSON; `stored` then is false. */
  | { readonly status: 'succeeded'; readonly value: JsonValue; readonly stored: boolean }
  | {
      readonly status: 'failed'
      readonly message: string
      /** Whether something around the run failed, which is evidence neither for the agent nor against it. */
      readonly infrastructure?: boolean
      /** What the run gave after it was terminated. */
      readonly late?: JsonValue
    }

/** Options of one guarded call. */
export interface GuardOptions {
  /**
   * Aborts the wait for a supervisor, and the run. A function is asked for it where somebody needs it: a safe action whose
   * run never looks at its signal begins without asking.
   */
  readonly signal?: AbortSignal | (() => AbortSignal)
  /** Milliseconds to wait for a supervisor before the fallback; default 20,000. */
  readonly attachWithinMs?: number
  /**
   * Tells the host framework's control-flow errors (such as an interrupt) from failures. Such an error is rethrown
   * as it is, and the attempt counts as not made: the same idempotency key may run again.
   */
  readonly isControlFlow?: (error: unknown) => boolean
  /** Makes of the value what is stored as the outcome of the attempt; default: the value itself, where JSON can carry it. */
  readonly encode?: (value: unknown) => JsonValue
}
