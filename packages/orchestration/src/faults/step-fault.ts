import { isInfrastructureFailure, redactText } from '@preceptor/client'

const MARKER = 'preceptor.step-fault'
const LONGEST_WAIT_MS = 3_600_000
const LONGEST_MESSAGE = 1_000

/** What is known of a fault. */
export interface StepFaultOptions {
  /**
   * True where another try may succeed and does no harm, false where it is of no use; without it the step is tried again as
   * after any other error: where its action is idempotent, or its definition says so.
   */
  readonly isRetryable?: boolean
  /** Milliseconds before which another try is of no use; more than an hour counts as an hour. */
  readonly retryAfterMs?: number
  /** Whether it may have taken effect all the same, and nobody knows; default false. */
  readonly isEffectUnknown?: boolean
  /** HTTP status of who failed: 502, 503 and 504 are a failure of infrastructure. */
  readonly status?: number
  /** Code of a network error, such as `ECONNREFUSED`: a failure of infrastructure. */
  readonly code?: string
}

/**
 * What an executor throws to say more than that it failed: whether another try is worth it, when, and whether it may have taken
 * effect. After any other error a step is tried again where its action is idempotent, or its definition says so.
 *
 * @example
 * ```ts
 * import { defineActions } from '@preceptor/core'
 * import { StepFault } from '@preceptor/orchestration'
 *
 * export const actions = defineActions({
 *   'ledger.close': {
 *     idempotent: true,
 *     execute: () => {
 *       throw new StepFault('The ledger is being backed up.', { isRetryable: true, retryAfterMs: 60_000 })
 *     },
 *   },
 * })
 * ```
 */
export class StepFault extends Error {
  /** Name of the class, kept under minification. */
  override readonly name = 'StepFault'
  /** True where another try may succeed and does no harm, false where it is of no use, null where that is not known. */
  readonly isRetryable: boolean | null
  /** Milliseconds before which another try is of no use, at most an hour; null where nothing is known. */
  readonly retryAfterMs: number | null
  /** Whether it may have taken effect all the same, and nobody knows. */
  readonly isEffectUnknown: boolean
  /** HTTP status of who failed; null where there was none. */
  readonly status: number | null
  /** Code of a network error; null where there was none. */
  readonly code: string | null
  /** Marks the class across copies of the package. */
  readonly marker: typeof MARKER = MARKER

  constructor(message: string, options: StepFaultOptions = {}) {
    super(redactText(message).slice(0, LONGEST_MESSAGE))
    const { retryAfterMs } = options
    this.isRetryable = options.isRetryable ?? null
    this.retryAfterMs =
      retryAfterMs === undefined || !(retryAfterMs >= 0) ? null : Math.min(Math.ceil(retryAfterMs), LONGEST_WAIT_MS)
    this.isEffectUnknown = options.isEffectUnknown ?? false
    this.status = options.status ?? null
    this.code = options.code ?? null
  }

  /** Whether something around the run failed, which is evidence neither for the agent nor against it. */
  get isInfrastructure(): boolean {
    return isInfrastructureFailure(this)
  }

  /** Tells whether a value is a `StepFault`, also one of another copy of the package. */
  static isInstance(value: unknown): value is StepFault {
    return typeof value === 'object' && value !== null && 'marker' in value && value.marker === MARKER
  }
}

/** A fault that another try does not mend. */
export function lastingFault(message: string): StepFault {
  return new StepFault(message, { isRetryable: false })
}
