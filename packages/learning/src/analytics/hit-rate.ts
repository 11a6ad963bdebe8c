import { assertFinite, assertProbability } from '../statistics/assert-numbers.ts'
import type { Interval } from '../statistics/interval.ts'
import { wilsonInterval } from '../statistics/wilson-interval.ts'

/** A prediction together with what came. */
export interface JudgedPrediction {
  readonly interval: Interval
  /** The share of intervals that were to hold what comes. */
  readonly level: number
  /** The mean improvement that came, in points. */
  readonly came: number
}

/** How often predictions held, or that none can be judged yet. */
export type HitRate =
  | {
      readonly outcome: 'judged'
      readonly hits: number
      readonly of: number
      /** `hits / of`. */
      readonly rate: number
      /** The 95 % Wilson interval of the rate. */
      readonly interval: Interval
      /** The mean of the levels: what the rate was to be. */
      readonly stated: number
      /** Whether even the upper end of the interval is below what was stated: the predictions claim too much. */
      readonly isBelowStated: boolean
    }
  | { readonly outcome: 'unjudged' }

// What the same mean, computed twice, may differ by.
const ROUNDING = 1e-9

/** Whether an interval holds what came, its ends included. */
export function isHit({ interval, came }: Pick<JudgedPrediction, 'interval' | 'came'>): boolean {
  return came >= interval.low - ROUNDING && came <= interval.high + ROUNDING
}

/**
 * The share of predictions whose interval held what came, with its Wilson interval, against the level that they stated.
 *
 * Predictions whose horizons overlap are judged by the same sessions; leave out all but one of them, or the interval is
 * narrower than it should be.
 *
 * @throws GovernanceError `INPUT_INVALID` when what came is no finite number, or for a level that is not between 0 and
 *   1.
 *
 * @example
 * ```ts
 * hitRate([{ interval: { low: 4, high: 12 }, level: 0.95, came: 7 }]) // 1 of 1
 * ```
 */
export function hitRate(predictions: readonly JudgedPrediction[]): HitRate {
  const of = predictions.length
  if (of === 0) return { outcome: 'unjudged' }
  const results = predictions.map(({ came }) => came)
  assertFinite(results, 'came')
  for (const { level } of predictions) assertProbability(level, 'level')
  const hits = predictions.filter(isHit).length
  const interval = wilsonInterval({ count: hits, of })
  const stated = predictions.reduce((sum, { level }) => sum + level, 0) / of
  return { outcome: 'judged', hits, of, rate: hits / of, interval, stated, isBelowStated: interval.high < stated }
}
