import type { GovernorContext } from '../context.ts'
import { isoTime } from '../kernel/clock.ts'

/** A moment, and what makes somebody away or offline at it. */
export interface PresenceMoment {
  /** ISO 8601, UTC; so are the others. */
  readonly at: string
  /** Whoever acted last at or before this time is away. */
  readonly awayBefore: string
  readonly offlineBefore: string
  /** Milliseconds. */
  readonly awayAfterMs: number
  readonly offlineAfterMs: number
}

/** The present moment, by the clock of the server alone. */
export function presenceMoment({ clock, settings }: Pick<GovernorContext, 'clock' | 'settings'>): PresenceMoment {
  const now = clock.now()
  const { awayAfterMs, offlineAfterMs } = settings
  return {
    at: isoTime(now),
    awayBefore: isoTime(now - awayAfterMs),
    offlineBefore: isoTime(now - offlineAfterMs),
    awayAfterMs,
    offlineAfterMs,
  }
}
