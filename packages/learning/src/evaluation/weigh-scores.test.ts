import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weighScores } from './weigh-scores.ts'

const percent = fc.double({ min: 0, max: 100, noNaN: true })
const criteria = fc.array(fc.record({ name: fc.string(), weight: fc.integer({ min: 1, max: 9 }), score: percent }), {
  minLength: 1,
  maxLength: 12,
})
const checks = fc.array(
  fc.record({ name: fc.string(), passed: fc.boolean(), score: percent, reason: fc.constant('') }),
  { maxLength: 8 },
)
const share = fc.double({ min: 0, max: 0.5, noNaN: true })

describe('a score', () => {
  it('lies between the lowest and the highest of its parts', () => {
    fc.assert(
      fc.property(criteria, checks, share, (rated, checked, checkShare) => {
        const parts = [...rated, ...checked].map(({ score }) => score)
        const score = weighScores(rated, checked, checkShare)
        expect(score).toBeGreaterThanOrEqual(Math.min(...parts) - 0.06)
        expect(score).toBeLessThanOrEqual(Math.max(...parts) + 0.06)
      }),
    )
  })

  it('never falls when a criterion or a check gets better', () => {
    fc.assert(
      fc.property(criteria, checks, share, (rated, checked, checkShare) => {
        const score = weighScores(rated, checked, checkShare)
        const better = rated.map((one, index) => (index === 0 ? { ...one, score: 100 } : one))
        expect(weighScores(better, checked, checkShare)).toBeGreaterThanOrEqual(score)
        const passing = checked.map((one) => ({ ...one, score: 100 }))
        expect(weighScores(rated, passing, checkShare)).toBeGreaterThanOrEqual(score)
      }),
    )
  })

  it('counts weights and the share', () => {
    const rated = [
      { name: 'a', weight: 3, score: 100 },
      { name: 'b', weight: 1, score: 0 },
    ]
    expect(weighScores(rated, [], 0.2)).toBe(75)
    expect(weighScores(rated, [{ name: 'c', passed: false, score: 0, reason: '' }], 0.2)).toBe(60)
  })
})
