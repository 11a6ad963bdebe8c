import { symmetricQuantile } from './symmetric-quantile.ts'

const ROOT_TWO_PI = 2.5066282746310002
// Below it the series is short and exact; above it the fraction is.
const FAR = 3
const FRACTION_STEPS = 120

/** The probability that a standard normal variable is at most `x`. */
export function normalCdf(x: number): number {
  return x < 0 ? upperTail(-x) : 1 - upperTail(x)
}

/** The value that a standard normal variable stays below with a probability strictly between 0 and 1. */
export function normalQuantile(probability: number): number {
  return symmetricQuantile(probability, upperTail)
}

/**
 * `P(Z > x)` for x of 0 or more: near the middle by `1/2 - density * (x + x^3/3 + x^5/(3*5) + ...)` (G. Marsaglia,
 * Journal of Statistical Software 11(4), 2004), far out by the continued fraction `density / (x + 1/(x + 2/(x + ...)))`
 * (Abramowitz and Stegun, 26.2.14).
 */
function upperTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / ROOT_TWO_PI
  if (x >= FAR) {
    let rest = x
    for (let step = FRACTION_STEPS; step >= 1; step -= 1) rest = x + step / rest
    return density / rest
  }
  let term = x
  let sum = x
  for (let odd = 3; sum + term !== sum || odd === 3; odd += 2) {
    term *= (x * x) / odd
    sum += term
    if (term === 0) break
  }
  return 0.5 - density * sum
}
