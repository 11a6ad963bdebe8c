import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intervalScale, one, percent, signed } from './score-scale.ts'

describe('numbers of learning', () => {
  it('say their sign, and a dash for what is not known', () => {
    expect([signed(3.24), signed(-1), signed(0)]).toEqual(['+3.2', '−1.0', '+0.0'])
    expect([percent(0.666), percent(null), one(2.25), one(null)]).toEqual(['67 %', '–', '2.3', '–'])
  })
})

describe('a scale of intervals', () => {
  it('holds every end and nought, in their order', () => {
    const number = fc.double({ min: -100, max: 100, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { maxLength: 6 }), (pairs) => {
        const intervals = pairs.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
        const scale = intervalScale(intervals)
        for (const value of [0, ...intervals.flat()]) {
          expect(scale.at(value)).toBeGreaterThan(0)
          expect(scale.at(value)).toBeLessThan(100)
        }
        for (const [low, high] of intervals) expect(scale.at(low)).toBeLessThanOrEqual(scale.at(high))
      }),
    )
  })
})
