import { assertCount, assertFinite, assertProbability } from './assert-numbers.ts'
import { mean, variance } from './describe.ts'
import type { Interval } from './interval.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import type { Random } from './seeded-random.ts'
import { studentTQuantile } from './student-t.ts'
import type { TooFew } from './too-few.ts'

/** Fewer differences than this say too little about how they vary. */
export const LEAST_DIFFERENCES = 5

/** How a bootstrap interval is made. */
export interface BootstrapOptions {
  /** The share of intervals that shall hold the true mean, such as 0.95. */
  readonly level: number
  /** The source of randomness; the same numbers give the same interval. */
  readonly random: Random
  /** How often the differences are drawn again: 9,999 when left out. */
  readonly resamples?: number
}

/** The interval, or that there are too few differences for one. */
export type BootstrapInterval =
  | ({ readonly outcome: 'interval'; readonly n: number; readonly level: number } & Interval)
  | TooFew

const RESAMPLES = 9_999

/**
 * An interval for the mean of paired differences: the bias-corrected and accelerated bootstrap (B. Efron, JASA 82,
 * 1987), expanded for small samples by taking `sqrt(n / (n - 1)) t_{n-1}` for the normal point (T. C. Hesterberg, The
 * American Statistician 69, 2015, "expanded"), because a resample varies less than a sample does.
 *
 * Coverage at a level of 0.95, simulated with 3,000 samples each:
 *
 * | differences | n = 5 | n = 10 | n = 30 |
 * |---|---|---|---|
 * | normal | 0.93 | 0.94 | 0.95 |
 * | exponential (skewed) | 0.88 | 0.92 | 0.94 |
 * | six separate values, unequal steps | 0.87 | 0.94 | 0.96 |
 *
 * So with 5 pairs it is a 0.9 interval rather than a 0.95 one; from 10 on it is close to its level, less so for skewed
 * differences. It never leaves the range of the differences. When all are equal it is that one value.
 *
 * @throws GovernanceError `INPUT_INVALID` when a difference is no finite number, for a level that is not between 0 and
 *   1, and for fewer than 99 resamples.
 *
 * @example
 * ```ts
 * bootstrapInterval([12, 20, 9, 31, 18, 25], { level: 0.95, random: seededRandom('playbook_version_7') })
 * ```
 */
export function bootstrapInterval(differences: readonly number[], options: BootstrapOptions): BootstrapInterval {
  const { level, random, resamples = RESAMPLES } = options
  assertFinite(differences, 'differences')
  assertProbability(level, 'level')
  assertCount(resamples, 'resamples', 99)
  const n = differences.length
  if (n < LEAST_DIFFERENCES) return { outcome: 'too_few', n, needed: LEAST_DIFFERENCES }
  const center = mean(differences) ?? 0
  // Rounding would make a spread out of equal values.
  if (differences.every((difference) => difference === differences[0])) {
    return { outcome: 'interval', n, level, low: differences[0] ?? center, high: differences[0] ?? center }
  }
  const means = resampledMeans(differences, resamples, random)
  const bias = biasOf(means, center)
  const acceleration = accelerationOf(differences, center)
  const reach = Math.sqrt(n / (n - 1)) * studentTQuantile((1 + level) / 2, n - 1)
  const at = (point: number): number => {
    const moved = bias + point
    const rest = 1 - acceleration * moved
    // Beyond its pole the correction has left the sample: the end is the outermost mean.
    const share = rest > 0 ? normalCdf(bias + moved / rest) : Number(moved > 0)
    return pointOf(means, share)
  }
  return { outcome: 'interval', n, level, low: at(-reach), high: at(reach) }
}

function resampledMeans(differences: readonly number[], resamples: number, random: Random): Float64Array {
  const n = differences.length
  const source = Float64Array.from(differences)
  const means = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample += 1) {
    let sum = 0
    for (let draw = 0; draw < n; draw += 1) sum += source[Math.floor(random() * n)] ?? 0
    means[resample] = sum / n
  }
  return means.sort()
}

/** How far the middle of the resamples is from the mean, as a normal point; equal ones count half. */
function biasOf(means: Float64Array, center: number): number {
  const tolerance = 1e-12 * Math.max(1, Math.abs(center))
  let below = 0
  for (const resampled of means) {
    if (resampled < center - tolerance) below += 1
    else if (resampled <= center + tolerance) below += 0.5
  }
  const share = below / means.length
  return normalQuantile(Math.min(1 - 1 / means.length, Math.max(1 / means.length, share)))
}

/** A sixth of the skewness of the mean: for a mean the jackknife comes to `sum d^3 / (6 (sum d^2)^1.5)`. */
function accelerationOf(differences: readonly number[], center: number): number {
  const scale = Math.sqrt(variance(differences) ?? 0)
  const distances = differences.map((difference) => (difference - center) / scale)
  const squares = distances.reduce((sum, distance) => sum + distance ** 2, 0)
  return distances.reduce((sum, distance) => sum + distance ** 3, 0) / (6 * squares ** 1.5)
}

function pointOf(sorted: Float64Array, share: number): number {
  const rank = Math.floor((sorted.length + 1) * share)
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN
}
