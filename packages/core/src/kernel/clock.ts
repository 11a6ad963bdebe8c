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

/**
 * A time as ISO 8601, UTC, in milliseconds.
 *
 * @throws GovernanceError `FACT_INVALID` when it is no time.
 */
export function isoTime(ms: number): string {
  if (Math.abs(ms) <= LATEST) return new Date(ms).toISOString()
  throw new GovernanceError('FACT_INVALID', { message: `The clock gave ${ms}, which is no time.` })
}
