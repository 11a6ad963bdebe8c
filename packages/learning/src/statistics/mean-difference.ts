import { assertProbability } from './assert-numbers.ts'
import { mean, variance } from './describe.ts'
import type { Interval } from './interval.ts'
import { studentTQuantile } from './student-t.ts'

const MOST_FREEDOM = 1_000_000

/** How far the means of two independent samples are apart. */
export interface MeanDifference {
  /** Mean of the first sample. */
  readonly first: number
  /** Mean of the second sample. */
  readonly second: number
  /** `first - second`. */
  readonly difference: number
  /** For the difference, at the level. */
  readonly interval: Interval
}

/**
 * The difference of the means of two independent samples with its interval, which need not vary alike; undefined for
 * fewer than two values in either.
 *
 * `difference ± t_f sqrt(v1/n1 + v2/n2)` with f by Satterthwaite (B. L. Welch, Biometrika 34, 1947): R's `t.test(first,
 * second)`.
 *
 * @throws GovernanceError `INPUT_INVALID` when a value is no finite number, or for a level that is not between 0 and 1.
 *
 * @example
 * ```ts
 * meanDifference([12, 15, 11, 18], [9, 10, 7, 12])?.difference // 4.5
 * ```
 */
export function meanDifference(
  first: readonly number[],
  second: readonly number[],
  level = 0.95,
): MeanDifference | undefined {
  assertProbability(level, 'level')
  const one = errorOf(first)
  const other = errorOf(second)
  if (one === undefined || other === undefined) return undefined
  const difference = one.mean - other.mean
  const square = one.square + other.square
  const half = square === 0 ? 0 : studentTQuantile((1 + level) / 2, freedomOf(one, other)) * Math.sqrt(square)
  const interval = { low: difference - half, high: difference + half }
  return { first: one.mean, second: other.mean, difference, interval }
}

interface MeanError {
  readonly n: number
  readonly mean: number
  /** Of the standard error. */
  readonly square: number
}

function errorOf(values: readonly number[]): MeanError | undefined {
  const center = mean(values)
  const spread = variance(values)
  if (center === undefined || spread === undefined) return undefined
  return { n: values.length, mean: center, square: spread / values.length }
}

function freedomOf(one: MeanError, other: MeanError): number {
  const square = one.square + other.square
  // As shares of the whole, so that tiny variances do not vanish when they are squared.
  const share = (one.square / square) ** 2 / (one.n - 1) + (other.square / square) ** 2 / (other.n - 1)
  // From the fewer, less one, up to both, less two; rounding shall not leave what the distribution takes.
  return Math.min(MOST_FREEDOM, Math.max(1, 1 / share))
}
