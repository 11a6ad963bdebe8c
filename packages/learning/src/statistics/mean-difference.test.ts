import { describe, expect, it } from 'vitest'
import { meanDifference } from './mean-difference.ts'
import { drawExponential, drawNormal, sample, shareOf } from './samples.test.helper.ts'
import { seededRandom } from './seeded-random.ts'

// The data set `sleep` of R (A. R. Cushny and A. R. Peebles, 1905; "Student", 1908).
const FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
const SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

describe('the difference of two means', () => {
  it('has the interval of t.test(extra ~ group, data = sleep) of R', () => {
    const found = meanDifference(FIRST, SECOND)
    expect(found?.first).toBeCloseTo(0.75, 12)
    expect(found?.second).toBeCloseTo(2.33, 12)
    expect(found?.difference).toBeCloseTo(-1.58, 12)
    expect(found?.interval.low).toBeCloseTo(-3.3654832, 7)
    expect(found?.interval.high).toBeCloseTo(0.2054832, 7)
  })

  it('covers the true difference at its level, within 0.025 for normal samples of unlike spread (1,500 runs)', () => {
    const random = seededRandom(21)
    const covered = shareOf(1_500, () => {
      const first = sample(6, () => 10 + 20 * drawNormal(random))
      const found = meanDifference(
        first,
        sample(15, () => 4 + 5 * drawNormal(random)),
        0.9,
      )
      return found !== undefined && found.interval.low <= 6 && found.interval.high >= 6
    })
    expect(Math.abs(covered - 0.9)).toBeLessThanOrEqual(0.025)
  })

  it('covers it less often when samples are small and skewed, but not below 0.88 of 0.95', () => {
    const random = seededRandom(22)
    const covered = shareOf(1_500, () => {
      const first = sample(8, () => drawExponential(random))
      const second = sample(8, () => 3 * drawExponential(random))
      const found = meanDifference(first, second)
      return found !== undefined && found.interval.low <= -2 && found.interval.high >= -2
    })
    expect(covered).toBeGreaterThanOrEqual(0.86)
  })

  it('of samples that do not vary is exact, also when one of them does not', () => {
    expect(meanDifference([4, 4], [1, 1])?.interval).toEqual({ low: 3, high: 3 })
    const found = meanDifference([4, 4], [1, 3])
    // One degree of freedom: 12.706 standard errors of 1.
    expect(found?.interval.high).toBeCloseTo(2 + 12.706204736, 6)
  })

  it('needs two values of each', () => {
    expect(meanDifference([1], [1, 2])).toBeUndefined()
    expect(meanDifference([1, 2], [])).toBeUndefined()
  })
})
