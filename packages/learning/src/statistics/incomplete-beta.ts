import { logGamma } from './log-gamma.ts'

const EPSILON = 1e-16
const TINY = 1e-300
// The fraction needs about the square root of the larger parameter; this is far beyond what is ever asked.
const MOST_STEPS = 100_000

/**
 * The regularised incomplete beta function `I_x(a, b)`, for x in [0, 1] and a, b of 0.5 or more.
 *
 * By its continued fraction (NIST Digital Library of Mathematical Functions 8.17.22), evaluated with the method of
 * Lentz as modified by Thompson and Barnett; above the mean by `I_x(a, b) = 1 - I_{1-x}(b, a)` (8.17.4), where it
 * converges fast.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const logFactor = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)
  const factor = Math.exp(logFactor)
  if (x < (a + 1) / (a + b + 2)) return (factor * fraction(x, a, b)) / a
  return 1 - (factor * fraction(1 - x, b, a)) / b
}

function fraction(x: number, a: number, b: number): number {
  let numerator = 1
  let denominator = 1 / away(1 - ((a + b) * x) / (a + 1))
  let value = denominator
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    const twice = 2 * step
    const even = (step * (b - step) * x) / ((a + twice - 1) * (a + twice))
    denominator = 1 / away(1 + even * denominator)
    numerator = away(1 + even / numerator)
    value *= numerator * denominator
    const odd = (-(a + step) * (a + b + step) * x) / ((a + twice) * (a + twice + 1))
    denominator = 1 / away(1 + odd * denominator)
    numerator = away(1 + odd / numerator)
    const change = numerator * denominator
    value *= change
    if (Math.abs(change - 1) <= EPSILON) break
  }
  return value
}

/** Keeps a divisor off zero. */
function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
