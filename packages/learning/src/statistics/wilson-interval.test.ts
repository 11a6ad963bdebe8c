import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wilsonInterval } from './wilson-interval.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

describe('the Wilson interval of a share', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3: four decimals.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i of %i is %d to %d', (count, of, low, high) => {
    const interval = wilsonInterval({ count, of })
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })

  it('of nothing is everything', () => {
    expect(wilsonInterval({ count: 0, of: 0 })).toEqual({ low: 0, high: 1 })
  })

  it('holds the share, mirrors, and is wider for a higher level and narrower for more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (of, some) => {
        const count = Math.min(some, of)
        const { low, high } = wilsonInterval({ count, of })
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(count / of)
        expect(high).toBeGreaterThanOrEqual(count / of)
        expect(wilsonInterval({ count: of - count, of }).low).toBeCloseTo(1 - high, 12)
        const sure = wilsonInterval({ count, of, level: 0.99 })
        expect(sure.high - sure.low).toBeGreaterThan(high - low)
        const more = wilsonInterval({ count: 4 * count, of: 4 * of })
        expect(more.high - more.low).toBeLessThan(high - low)
      }),
    )
  })

  it.each([
    [{ count: 3, of: 2 }],
    [{ count: -1, of: 2 }],
    [{ count: 0.5, of: 2 }],
    [{ count: 1, of: Number.NaN }],
    [{ count: 1, of: 2, level: 1 }],
  ])('refuses %o', (question) => {
    expect(() => wilsonInterval(question)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
