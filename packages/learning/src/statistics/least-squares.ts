import { assertFinite } from './assert-numbers.ts'

/** The straight line through values at the places 0, 1, 2, ... that leaves the least squares. */
export interface LeastSquares {
  readonly n: number
  /** Change from one place to the next. */
  readonly slope: number
  /** The mean of the values, which the line passes at `center`. */
  readonly mean: number
  /** The mean of the places, `(n - 1) / 2`. */
  readonly center: number
  /** Sum of the squared distances of the places from `center`, `n (n^2 - 1) / 12`. */
  readonly spread: number
  /** Variance about the line with n - 2 degrees of freedom; undefined for two values, which leave none. */
  readonly residualVariance: number | undefined
}

/**
 * Fits a line to values in their order; undefined for fewer than two.
 *
 * `slope = sum (x - center)(y - mean) / spread` (A. M. Legendre, 1805; Draper and Smith, Applied Regression Analysis,
 * 1.2), from deviations, so that large values with small differences lose no digits.
 *
 * @throws GovernanceError `INPUT_INVALID` when a value is no finite number.
 */
export function leastSquares(values: readonly number[]): LeastSquares | undefined {
  assertFinite(values, 'values')
  const n = values.length
  if (n < 2) return undefined
  // About the first value, which leaves the digits that differ.
  const origin = values[0] ?? 0
  const shifted = values.map((value) => value - origin)
  const mean = shifted.reduce((sum, value) => sum + value, 0) / n
  const center = (n - 1) / 2
  const spread = (n * (n * n - 1)) / 12
  const slope = shifted.reduce((sum, value, place) => sum + (place - center) * (value - mean), 0) / spread
  const left = shifted.reduce((sum, value, place) => sum + (value - mean - slope * (place - center)) ** 2, 0)
  return {
    n,
    slope,
    mean: origin + mean,
    center,
    spread,
    residualVariance: n > 2 ? left / (n - 2) : undefined,
  }
}
