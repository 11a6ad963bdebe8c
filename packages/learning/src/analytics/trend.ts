import type { Interval } from '../statistics/interval.ts'
import { leastSquares } from '../statistics/least-squares.ts'
import { studentTQuantile } from '../statistics/student-t.ts'
import type { TooFew } from '../statistics/too-few.ts'
import { assertImprovements } from './assert-improvements.ts'
import { type Direction, directionOf } from './direction.ts'
import { LEAST_SESSIONS, RECENT_SESSIONS } from './recent-sessions.ts'

/** How the improvements of an agent type change, or that there are too few sessions to tell. */
export type TrendOutcome =
  | {
      readonly outcome: 'trend'
      /** Sessions that it rests on, 50 at most. */
      readonly n: number
      /** Points a session. */
      readonly slope: number
      /** The 95 % interval of the slope; a direction is sure when 0 is outside. */
      readonly slopeInterval: Interval
      /** Mean improvement in points. */
      readonly mean: number
      readonly direction: Direction
    }
  | TooFew

const UPPER = 0.975

/**
 * The trend of the last 50 improvements of an agent type, oldest first: the least-squares slope, its interval `slope ±
 * t_{n-2} s / sqrt(spread)` (Draper and Smith, Applied Regression Analysis, 1.4), and the direction, improving above
 * 0.5 points a session, declining below -0.5. Fewer than 5 sessions show none.
 *
 * @param improvements after minus before, in points from -100 to 100.
 * @throws GovernanceError `INPUT_INVALID` for an improvement that is not from -100 to 100.
 *
 * @example
 * ```ts
 * trendOf([1, 3, 5, 7, 9]) // slope 2, mean 5, improving
 * ```
 */
export function trendOf(improvements: readonly number[]): TrendOutcome {
  assertImprovements(improvements)
  const line = leastSquares(improvements.slice(-RECENT_SESSIONS))
  if (line?.residualVariance === undefined || line.n < LEAST_SESSIONS) {
    return { outcome: 'too_few', n: improvements.length, needed: LEAST_SESSIONS }
  }
  const { n, slope, mean, spread, residualVariance } = line
  const half = studentTQuantile(UPPER, n - 2) * Math.sqrt(residualVariance / spread)
  const slopeInterval = { low: slope - half, high: slope + half }
  return { outcome: 'trend', n, slope, slopeInterval, mean, direction: directionOf(slope) }
}
