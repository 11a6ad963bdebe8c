import { assertFinite, assertWithin } from './assert-numbers.ts'
import { leastSquares } from './least-squares.ts'

/**
 * The arithmetic mean; undefined for no values.
 *
 * By the running update `m_k = m_{k-1} + (x_k - m_{k-1}) / k` (B. P. Welford, Technometrics 4, 1962), which neither
 * overflows nor loses digits to a large sum.
 *
 * @throws GovernanceError `INPUT_INVALID` when a value is no finite number.
 *
 * @example
 * ```ts
 * mean([2, 4, 9]) // 5
 * mean([]) // undefined
 * ```
 */
export function mean(values: readonly number[]): number | undefined {
  assertFinite(values, 'values')
  return values.length === 0 ? undefined : moments(values).mean
}

/**
 * The sample variance, with n - 1 in the divisor, in the square of the values' unit; undefined for fewer than two
 * values.
 *
 * By Welford's update of the sum of squares, `s_k = s_{k-1} + (x_k - m_{k-1})(x_k - m_k)`, which is never negative.
 *
 * @throws GovernanceError `INPUT_INVALID` when a value is no finite number.
 *
 * @example
 * ```ts
 * variance([2, 4, 9]) // 13
 * ```
 */
export function variance(values: readonly number[]): number | undefined {
  assertFinite(values, 'values')
  return values.length < 2 ? undefined : moments(values).squares / (values.length - 1)
}

/**
 * The least-squares slope of values in their order, in their unit for each step; undefined for fewer than two values.
 *
 * @throws GovernanceError `INPUT_INVALID` when a value is no finite number.
 *
 * @example
 * ```ts
 * slope([1, 3, 5]) // 2
 * ```
 */
export function slope(values: readonly number[]): number | undefined {
  return leastSquares(values)?.slope
}

/**
 * The quantile at a share from 0 (the least) to 1 (the largest), between two values by linear interpolation; undefined
 * for no values. Type 7 of R. J. Hyndman and Y. Fan, The American Statistician 50 (1996): the default of R and NumPy.
 *
 * @throws GovernanceError `INPUT_INVALID` when a value is no finite number, or for another share.
 *
 * @example
 * ```ts
 * quantile([1, 2, 3, 4], 0.5) // 2.5
 * ```
 */
export function quantile(values: readonly number[], share: number): number | undefined {
  assertFinite(values, 'values')
  assertWithin(share, 'share', { low: 0, high: 1 })
  const sorted = values.toSorted((first, second) => first - second)
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) return undefined
  return below + (place - Math.floor(place)) * (above - below)
}

function moments(values: readonly number[]): { readonly mean: number; readonly squares: number } {
  let center = 0
  let squares = 0
  values.forEach((value, index) => {
    const distance = value - center
    center += distance / (index + 1)
    squares += distance * (value - center)
  })
  return { mean: center, squares }
}
