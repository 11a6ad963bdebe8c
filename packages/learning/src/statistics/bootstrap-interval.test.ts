import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootstrapInterval } from './bootstrap-interval.ts'
import { mean, variance } from './describe.ts'
import type { Interval } from './interval.ts'
import { drawExponential, drawNormal, sample, shareOf } from './samples.test.helper.ts'
import { type Random, seededRandom } from './seeded-random.ts'
import { studentTQuantile } from './student-t.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

function intervalOf(differences: readonly number[], level: number, random: Random, resamples?: number): Interval {
  const found = bootstrapInterval(differences, { level, random, ...(resamples === undefined ? {} : { resamples }) })
  if (found.outcome === 'too_few') throw new Error('too few')
  return found
}

const EVEN = [12, 20, -9, 31, 18, 25, 4, 0, 7, 15, -3, 22]
const SKEWED = [1, 0, 0, 2, 40, 3, 1, 5]

describe('the bootstrap interval', () => {
  // SciPy 1.17, scipy.stats.bootstrap(method='BCa', n_resamples=400000) at the level 2 Phi(sqrt(n / (n - 1)) t) - 1.
  it.each([
    ['even', EVEN, 0.8, 6.8333, 16.5],
    ['even', EVEN, 0.95, 3.8333, 19.25],
    ['even', EVEN, 0.99, 0.5833, 21.9167],
    ['skewed', SKEWED, 0.8, 1.625, 16.875],
    ['skewed', SKEWED, 0.95, 1, 30.625],
  ])('of %s differences is that of another implementation, case %#', (_, differences, level, low, high) => {
    const interval = intervalOf(differences, level, seededRandom(1), 99_999)
    // Means of whole numbers come in steps of 1 / n; both ends are drawn, so three steps of grace.
    const grace = 3.001 / differences.length
    expect(Math.abs(interval.low - low)).toBeLessThanOrEqual(grace)
    expect(Math.abs(interval.high - high)).toBeLessThanOrEqual(grace)
  })

  it('of many normal differences is the t interval', () => {
    const random = seededRandom(5)
    const differences = sample(400, () => 5 + 20 * drawNormal(random))
    const center = mean(differences) ?? 0
    const half = studentTQuantile(0.975, 399) * Math.sqrt((variance(differences) ?? 0) / 400)
    const { low, high } = intervalOf(differences, 0.95, random)
    expect(low).toBeCloseTo(center - half, 0)
    expect(high).toBeCloseTo(center + half, 0)
  })

  // The values that the documentation states; four standard errors of 800 runs are 0.031 at 0.95 and 0.046 at 0.88.
  it.each([
    ['normal', 5, 0.93, 0.036],
    ['normal', 10, 0.94, 0.034],
    ['normal', 30, 0.95, 0.031],
    ['exponential', 5, 0.88, 0.046],
    ['exponential', 10, 0.92, 0.038],
    ['exponential', 30, 0.94, 0.034],
    ['separate', 5, 0.87, 0.047],
    ['separate', 10, 0.94, 0.034],
    ['separate', 30, 0.96, 0.028],
  ] as const)('of %s differences, n = %i, covers the true mean %d of the time', (kind, n, stated, tolerance) => {
    const random = seededRandom(n)
    const steps = [-10, 0, 0, 5, 20, 40]
    const kinds = {
      normal: { truth: 5, draw: () => 5 + 20 * drawNormal(random) },
      exponential: { truth: 10, draw: () => 15 * drawExponential(random) - 5 },
      separate: { truth: 55 / 6, draw: () => steps[Math.floor(random() * steps.length)] ?? 0 },
    }
    const { truth, draw } = kinds[kind]
    const covered = shareOf(800, () => {
      const { low, high } = intervalOf(sample(n, draw), 0.95, random, n === 5 ? 1_999 : 999)
      return low <= truth + 1e-9 && high >= truth - 1e-9
    })
    expect(Math.abs(covered - stated)).toBeLessThanOrEqual(tolerance)
  })

  const differences = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 5, maxLength: 40 })
  const within = { numRuns: 40 }

  it('is the same for the same numbers, and moves and scales with the differences', () => {
    fc.assert(
      fc.property(differences, fc.nat(), fc.integer({ min: -64, max: 64 }), (values, seed, shift) => {
        const { low, high } = intervalOf(values, 0.9, seededRandom(seed), 499)
        expect(intervalOf(values, 0.9, seededRandom(seed), 499)).toMatchObject({ low, high })
        const moved = intervalOf(
          values.map((value) => 2 * value + shift),
          0.9,
          seededRandom(seed),
          499,
        )
        expect(moved.low).toBeCloseTo(2 * low + shift, 9)
        expect(moved.high).toBeCloseTo(2 * high + shift, 9)
      }),
      within,
    )
  })

  it('stays within the differences and is wider for a higher level, up to one that asks for all', () => {
    fc.assert(
      fc.property(differences, fc.nat(), (values, seed) => {
        const levels = [0.5, 0.8, 0.95, 0.999, 0.999999]
        const intervals = levels.map((level) => intervalOf(values, level, seededRandom(seed), 499))
        intervals.forEach(({ low, high }, index) => {
          expect(low).toBeGreaterThanOrEqual(Math.min(...values))
          expect(high).toBeLessThanOrEqual(Math.max(...values))
          expect(low).toBeLessThanOrEqual(high)
          expect(low).toBeLessThanOrEqual(intervals[index - 1]?.low ?? low)
          expect(high).toBeGreaterThanOrEqual(intervals[index - 1]?.high ?? high)
        })
      }),
      within,
    )
  })

  it('of equal differences is that one value', () => {
    expect(bootstrapInterval(Array(7).fill(0.1), { level: 0.95, random: seededRandom(1) })).toEqual({
      outcome: 'interval',
      n: 7,
      level: 0.95,
      low: 0.1,
      high: 0.1,
    })
  })

  it.each([0, 1, 4])('of %i differences is none', (n) => {
    const found = bootstrapInterval(Array(n).fill(3), { level: 0.95, random: seededRandom(1) })
    expect(found).toEqual({ outcome: 'too_few', n, needed: 5 })
  })

  it.each([
    ['a difference that is no number', [1, 2, 3, 4, Number.NaN], 0.95, 999],
    ['a level of 1', [1, 2, 3, 4, 5], 1, 999],
    ['a level of 0', [1, 2, 3, 4, 5], 0, 999],
    ['too few resamples', [1, 2, 3, 4, 5], 0.95, 98],
    ['half a resample', [1, 2, 3, 4, 5], 0.95, 99.5],
  ])('refuses %s', (_, values, level, resamples) => {
    const call = (): unknown => bootstrapInterval(values, { level, random: seededRandom(1), resamples })
    expect(call).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
