import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wilsonInterval } from './wilson-interval.ts'

describe('the Wilson interval', () => {
  it.each([
    [0, 10, 0, 0.27753],
    [10, 10, 0.72247, 1],
    [5, 10, 0.23659, 0.76341],
    [1, 100, 0.00177, 0.05449],
    [0, 0, 0, 1],
  ])('of %i of %i is %f to %f [I-26]', (count, of, low, high) => {
    const interval = wilsonInterval(count, of)
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })

  it('holds the share, is narrower for more, and is the same from the other side [I-26]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (of, some) => {
        const count = Math.min(some, of)
        const { low, high } = wilsonInterval(count, of)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(count / of)
        expect(high).toBeGreaterThanOrEqual(count / of)
        const more = wilsonInterval(4 * count, 4 * of)
        expect(more.high - more.low).toBeLessThan(high - low)
        const other = wilsonInterval(of - count, of)
        expect(other.low).toBeCloseTo(1 - high, 10)
      }),
    )
  })
})
