import { assertCount, assertProbability, assertWithin } from './assert-numbers.ts'
import type { Interval } from './interval.ts'
import { normalQuantile } from './normal.ts'

/** A count of something among all, and how sure an interval for its share shall be. */
export interface ShareQuestion {
  readonly count: number
  readonly of: number
  /** 0.95 when left out. */
  readonly level?: number
}

/**
 * The Wilson score interval for a share: close to its level for few and for extreme counts, too (E. B. Wilson, JASA 22,
 * 1927). Of nothing it is everything, 0 to 1.
 *
 * @throws GovernanceError `INPUT_INVALID` for a count that is none or above `of`, or a level that is not between 0 and
 *   1.
 *
 * @example
 * ```ts
 * wilsonInterval({ count: 5, of: 10 }) // { low: 0.2366, high: 0.7634 }
 * ```
 */
export function wilsonInterval({ count, of, level = 0.95 }: ShareQuestion): Interval {
  assertCount(of, 'of')
  assertCount(count, 'count')
  assertWithin(count, 'count', { low: 0, high: of })
  assertProbability(level, 'level')
  if (of === 0) return { low: 0, high: 1 }
  const point = normalQuantile((1 + level) / 2)
  const share = count / of
  const spread = point ** 2 / of
  const center = (share + spread / 2) / (1 + spread)
  const half = (point / (1 + spread)) * Math.sqrt((share * (1 - share)) / of + spread / (4 * of))
  return { low: count === 0 ? 0 : center - half, high: count === of ? 1 : center + half }
}
