import { GovernanceError } from '@preceptor/client'

/** Where time comes from. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds since some moment; never goes back. */
  monotonic(): number
}

/** The clock of the machine: the only place in core that reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

const LATEST = 8_640_000_000_000_000

// Many times are written within one millisecond.
let last = { ms: 0, text: '1970-01-01T00:00:00.000Z' }

/**
 * A time as ISO 8601, UTC, in milliseconds.
 *
 * @throws GovernanceError `FACT_INVALID` when it is no time.
 */
export function isoTime(ms: number): string {
  if (ms === last.ms) return last.text
  if (Math.abs(ms) <= LATEST) {
    last = { ms, text: new Date(ms).toISOString() }
    return last.text
  }
  throw new GovernanceError('FACT_INVALID', { message: `The clock gave ${ms}, which is no time.` })
}
