import { ERROR_CODES, type ErrorCode } from '@preceptor/client'
import type { StepSettings } from './step.ts'

const TRIES = 3
const LONGEST_WAIT_MS = 3_600_000

/** A try that failed. */
export interface FailedTry {
  readonly code: ErrorCode
  /** Whether its action began. */
  readonly ran: boolean
  /** Whether it ran under an approval, or while somebody watched. */
  readonly wasLookedAt: boolean
  /** Whether running its action twice has the effect of once. */
  readonly isRepeatable: boolean
  /** What the error itself says of trying again, where it says something. */
  readonly isRetryable: boolean | null
  /** What the error says of when, in milliseconds. */
  readonly retryAfterMs: number | null
  /** Tries that ended, this one included. */
  readonly tries: number
}

/**
 * Milliseconds until a step that failed is tried again; null where it is not. What may have taken effect is repeated only where
 * that does no harm, or where the definition says how often: then its author answers for it.
 */
export function retryAfter(
  failed: FailedTry,
  { attempts, waitMs }: Pick<StepSettings, 'attempts' | 'waitMs'>,
): number | null {
  const { code, ran, wasLookedAt, isRepeatable, isRetryable, retryAfterMs, tries } = failed
  const most = attempts ?? (isRepeatable || !ran || isRetryable === true ? TRIES : 1)
  if (tries >= most) return null
  if (!ran) return ERROR_CODES[code].retryable ? wait(tries, waitMs, retryAfterMs) : null
  // An approval, and a watch, are for one run.
  if (wasLookedAt || isRetryable === false) return null
  return wait(tries, waitMs, retryAfterMs)
}

function wait(tries: number, waitMs: number, retryAfterMs: number | null): number {
  return Math.min(LONGEST_WAIT_MS, Math.max(waitMs * 2 ** (tries - 1), retryAfterMs ?? 0))
}
