import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mean, quantile, slope, variance } from './describe.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

/** 1,001 values: the middle, then by turns a tenth below and above it. */
function around(middle: number): number[] {
  return Array.from({ length: 1_001 }, (_, index) => {
    if (index === 0) return middle
    return index % 2 === 1 ? middle - 0.1 : middle + 0.1
  })
}

const scores = fc.array(
  fc.integer({ min: -10_000, max: 10_000 }).map((value) => value / 100),
  { minLength: 2, maxLength: 60 },
)

describe('mean and variance', () => {
  // NIST Statistical Reference Datasets, univariate, with certified values: NumAcc1 to NumAcc4.
  it.each([
    ['NumAcc1', [10_000_001, 10_000_003, 10_000_002], 10_000_002, 1],
    ['NumAcc2', around(1.2), 1.2, 0.1],
    ['NumAcc3', around(1_000_000.2), 1_000_000.2, 0.1],
    ['NumAcc4', around(10_000_000.2), 10_000_000.2, 0.1],
  ])('are those certified for %s', (_, values, certified, deviation) => {
    expect(mean(values)).toBeCloseTo(certified, 7)
    expect(Math.sqrt(variance(values) ?? 0)).toBeCloseTo(deviation, 8)
  })

  it('are undefined where there is none', () => {
    expect(mean([])).toBeUndefined()
    expect(variance([])).toBeUndefined()
    expect(variance([3])).toBeUndefined()
    expect(slope([])).toBeUndefined()
    expect(slope([3])).toBeUndefined()
    expect(quantile([], 0.5)).toBeUndefined()
  })

  it('are not more than there are numbers for', () => {
    expect(mean([1e308, 1e308, 1e308])).toBe(1e308)
  })

  it('move and scale with the values, whatever their order', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }), (values, shift, scale) => {
        const moved = values.map((value) => scale * value + shift)
        expect(mean(moved)).toBeCloseTo(scale * (mean(values) ?? Number.NaN) + shift, 8)
        expect(variance(moved)).toBeCloseTo(scale ** 2 * (variance(values) ?? Number.NaN), 5)
        expect(variance(values.toReversed())).toBeCloseTo(variance(values) ?? Number.NaN, 7)
        expect(variance(values)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('slope', () => {
  it('is that of a line, exactly, and turns with the order', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9, max: 9 }), fc.integer(), fc.integer({ min: 2, max: 60 }), (step, start, n) => {
        const line = Array.from({ length: n }, (_, place) => start + step * place)
        expect(slope(line)).toBeCloseTo(step, 9)
        expect(slope(line.toReversed())).toBeCloseTo(-step, 9)
      }),
    )
  })

  it('of a trend on top of anything is that much more', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: -5, max: 5 }), (values, step) => {
        const risen = values.map((value, place) => value + step * place)
        expect(slope(risen)).toBeCloseTo((slope(values) ?? Number.NaN) + step, 8)
      }),
    )
  })

  it('loses no digits to a large start', () => {
    expect(slope([1e15, 1e15 + 1, 1e15 + 2])).toBe(1)
  })
})

describe('quantile', () => {
  // Type 7 of Hyndman and Fan: quantile(c(1, 3, 6, 10, 15), ...) of R.
  it.each([
    [0, 1],
    [0.1, 1.8],
    [0.25, 3],
    [0.4, 4.8],
    [0.5, 6],
    [0.9, 13],
    [1, 15],
  ])('at %d is %d', (share, expected) => {
    expect(quantile([15, 3, 1, 10, 6], share)).toBeCloseTo(expected, 12)
  })

  it('never falls as the share grows, stays among the values, and leaves them as they were', () => {
    const shares = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(scores, shares, (values, [one, other]) => {
        const before = [...values]
        const low = quantile(values, Math.min(one, other)) ?? Number.NaN
        const high = quantile(values, Math.max(one, other)) ?? Number.NaN
        expect(low).toBeLessThanOrEqual(high + 1e-9)
        expect(low).toBeGreaterThanOrEqual(Math.min(...values))
        expect(high).toBeLessThanOrEqual(Math.max(...values))
        expect(values).toEqual(before)
      }),
    )
  })
})

describe('what is no number', () => {
  it.each([
    ['mean', () => mean([1, Number.NaN])],
    ['variance', () => variance([1, Number.POSITIVE_INFINITY])],
    ['slope', () => slope([Number.NEGATIVE_INFINITY, 1])],
    ['quantile', () => quantile([Number.NaN], 0.5)],
    ['share', () => quantile([1], 1.1)],
    ['share that is none', () => quantile([1], Number.NaN)],
  ])('is refused by %s', (_, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
