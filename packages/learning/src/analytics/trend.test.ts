import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawNormal, sample, shareOf } from '../statistics/samples.test.helper.ts'
import { seededRandom } from '../statistics/seeded-random.ts'
import { type TrendOutcome, trendOf } from './trend.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

const improvements = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 5, maxLength: 80 })

function found(values: readonly number[]): Extract<TrendOutcome, { outcome: 'trend' }> {
  const trend = trendOf(values)
  if (trend.outcome === 'too_few') throw new Error('too few')
  return trend
}

describe('the trend of an agent type', () => {
  // SciPy 1.17, scipy.stats.linregress, with the t quantile for the interval.
  it('is the least-squares slope with its interval', () => {
    const trend = found([3, 7, 4, 9, 12, 8, 11, 15])
    expect(trend).toMatchObject({ n: 8, mean: 8.625, direction: 'improving' })
    expect(trend.slope).toBeCloseTo(1.4166666666666667, 12)
    expect(trend.slopeInterval.low).toBeCloseTo(0.5782853191149229, 10)
    expect(trend.slopeInterval.high).toBeCloseTo(2.255048014218411, 10)
  })

  it.each([
    [0.5, 'stable'],
    [0.51, 'improving'],
    [-0.5, 'stable'],
    [-0.51, 'declining'],
    [0, 'stable'],
  ])('with a slope of %d is %s', (step, direction) => {
    // Halves and hundredths about a power of two stay as they are.
    expect(found([-2, -1, 0, 1, 2].map((place) => step * place)).direction).toBe(direction)
  })

  it.each([0, 1, 4])('of %i sessions is none', (n) => {
    expect(trendOf(Array(n).fill(10))).toEqual({ outcome: 'too_few', n, needed: 5 })
  })

  it('looks at the last 50 only', () => {
    fc.assert(
      fc.property(improvements, (values) => {
        const last = sample(50, () => 1).map((_, place) => place)
        expect(found([...values, ...last])).toMatchObject({ n: 50, mean: 24.5, direction: 'improving' })
        expect(found(values).n).toBe(Math.min(50, values.length))
      }),
    )
  })

  it('turns with the order and does not move with the level', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 5, maxLength: 50 }), (values) => {
        const trend = found(values)
        expect(found(values.toReversed()).slope).toBeCloseTo(-trend.slope, 9)
        const raised = found(values.map((value) => value + 30))
        expect(raised.slope).toBeCloseTo(trend.slope, 9)
        expect(raised.mean).toBeCloseTo(trend.mean + 30, 9)
        expect(trend.slopeInterval.low).toBeLessThanOrEqual(trend.slope)
        expect(trend.slopeInterval.high).toBeGreaterThanOrEqual(trend.slope)
      }),
    )
  })

  it('has an interval that covers the true slope 0.95 of the time, within 0.02 (2,000 runs)', () => {
    const random = seededRandom(31)
    const covered = shareOf(2_000, () => {
      const { slopeInterval } = found(
        sample(8, () => 10 * drawNormal(random)).map((value, place) => value + 0.7 * place),
      )
      return slopeInterval.low <= 0.7 && slopeInterval.high >= 0.7
    })
    expect(Math.abs(covered - 0.95)).toBeLessThanOrEqual(0.02)
  })

  it('refuses what is no number', () => {
    expect(() => trendOf([1, 2, 3, 4, Number.NaN])).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
