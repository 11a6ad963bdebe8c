import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateTraining } from './estimate.ts'

const past = fc.record({
  hours: fc.double({ min: 0, max: 400, noNaN: true }),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
})

describe('estimate of training', () => {
  it.each([
    // 8 + 2 + 3 + 10 + 4
    [{ confidence: 3_000, gaps: 3, history: [] }, 27, 18.9, 40.5, 0.5],
    // 8 + 5 + 6 + 10 + 4
    [{ confidence: 0, gaps: 6, history: [] }, 33, 23.1, 49.5, 0.5],
    // 8 + 2 + 1 + 0.25*20 + 4/1
    [{ confidence: 3_000, gaps: 1, history: [{ hours: 20, score: 0.7 }] }, 20, 14, 30, 0.55],
    // 8 + 2 + 1 + 0.25*15 + 4/0.5: slow learners, mean of two
    [
      {
        confidence: 3_000,
        gaps: 1,
        history: [
          { hours: 10, score: 0.1 },
          { hours: 20, score: 0.3 },
        ],
      },
      22.8,
      15.9,
      34.1,
      0.6,
    ],
    // 8 + 0 + 0 + 0 + 4/(1/0.7): the best score that there is
    [{ confidence: 5_000, gaps: 0, history: [{ hours: 0, score: 1 }] }, 10.8, 7.6, 16.2, 0.55],
  ])('of %o is %d hours', (question, hours, least, most, confidence) => {
    expect(estimateTraining(question)).toEqual({ hours, range: { least, most }, confidence })
  })

  it('is sure to 0.9 at most', () => {
    const history = Array(20).fill({ hours: 40, score: 0.7 })
    expect(estimateTraining({ confidence: 3_000, gaps: 2, history }).confidence).toBe(0.9)
    expect(estimateTraining({ confidence: 3_000, gaps: 2, history: history.slice(0, 8) }).confidence).toBe(0.9)
    expect(estimateTraining({ confidence: 3_000, gaps: 2, history: history.slice(0, 7) }).confidence).toBe(0.85)
  })

  it('is positive, within its range, and grows with gaps and missing confidence', () => {
    const history = fc.array(past, { maxLength: 12 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(6), history, (confidence, gaps, similar) => {
        const { hours, range } = estimateTraining({ confidence, gaps, history: similar })
        expect(hours).toBeGreaterThan(0)
        expect(range.least).toBeLessThanOrEqual(hours)
        expect(range.most).toBeGreaterThanOrEqual(hours)
        const more = estimateTraining({ confidence, gaps: gaps + 1, history: similar }).hours
        expect(more - hours).toBeCloseTo(1, 6)
        const lower = estimateTraining({ confidence: confidence - 1, gaps, history: similar }).hours
        expect(lower).toBeGreaterThanOrEqual(hours)
      }),
    )
  })

  it.each([
    [{ confidence: Number.NaN, gaps: 1, history: [] }],
    [{ confidence: -1, gaps: 1, history: [] }],
    [{ confidence: 10_001, gaps: 1, history: [] }],
    [{ confidence: 1, gaps: -1, history: [] }],
    [{ confidence: 1, gaps: 1, history: [{ hours: -1, score: 0.5 }] }],
    [{ confidence: 1, gaps: 1, history: [{ hours: 1, score: 1.1 }] }],
    [{ confidence: 1, gaps: 1, history: [{ hours: Number.NaN, score: 1 }] }],
  ])('refuses %o', (question) => {
    expect(() => estimateTraining(question)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
