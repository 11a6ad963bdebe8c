import { assertProbability, assertWithin } from './assert-numbers.ts'
import { incompleteBeta } from './incomplete-beta.ts'
import { symmetricQuantile } from './symmetric-quantile.ts'

/**
 * The probability that a variable of Student's t distribution is at most `t`.
 *
 * From the incomplete beta function: `P(T > t) = I_x(f/2, 1/2) / 2` with `x = f / (f + t^2)` for t of 0 or more
 * (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.1).
 *
 * @param freedom degrees of freedom, 1 to 1,000,000; need not be whole.
 * @throws GovernanceError `INPUT_INVALID` for other degrees of freedom, or a `t` that is no number.
 *
 * @example
 * ```ts
 * studentTCdf(2.776, 4) // 0.975
 * ```
 */
export function studentTCdf(t: number, freedom: number): number {
  assertFreedom(freedom)
  assertWithin(t, 't', { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })
  return t < 0 ? upperTail(-t, freedom) : 1 - upperTail(t, freedom)
}

/**
 * The value that a variable of Student's t distribution stays below with a probability: the inverse of
 * {@link studentTCdf}, to about 1e-12 of its size.
 *
 * @param probability strictly between 0 and 1.
 * @param freedom degrees of freedom, 1 to 1,000,000; need not be whole.
 * @throws GovernanceError `INPUT_INVALID` for another probability or other degrees of freedom.
 *
 * @example
 * ```ts
 * studentTQuantile(0.975, 4) // 2.776...
 * ```
 */
export function studentTQuantile(probability: number, freedom: number): number {
  assertFreedom(freedom)
  assertProbability(probability, 'probability')
  return symmetricQuantile(probability, (t) => upperTail(t, freedom))
}

function upperTail(t: number, freedom: number): number {
  const square = t * t
  if (square === Number.POSITIVE_INFINITY) return 0
  // From the side on which nothing cancels.
  if (square < freedom) return 0.5 - incompleteBeta(square / (freedom + square), 0.5, freedom / 2) / 2
  return incompleteBeta(freedom / (freedom + square), freedom / 2, 0.5) / 2
}

function assertFreedom(freedom: number): void {
  assertWithin(freedom, 'degrees of freedom', { low: 1, high: 1_000_000 })
}
