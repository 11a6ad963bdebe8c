import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FEEDBACK_KINDS, type FeedbackKind } from '../client/feedback.ts'
import { insightsOf } from './insights-of.ts'
import { type KindCount, metricsOf } from './metrics.ts'

const span = { agent: 'bot', from: '2026-01-01T00:00:00.000Z', to: '2026-01-31T00:00:00.000Z', responseTimeMs: null }

const count: fc.Arbitrary<KindCount> = fc.record({
  kind: fc.constantFrom(...FEEDBACK_KINDS),
  isLater: fc.boolean(),
  count: fc.nat(50),
})

describe('the numbers of an agent', () => {
  it('count everything once, and stay within their bounds', () => {
    fc.assert(
      fc.property(fc.array(count, { maxLength: 20 }), (counts) => {
        const { total, byKind, accuracy, improvementRate } = metricsOf({ ...span, counts })
        expect(total).toBe(counts.reduce((sum, one) => sum + one.count, 0))
        expect(Object.values(byKind).reduce((sum, one) => sum + one, 0)).toBe(total)
        expect(accuracy === null).toBe(total - byKind.suggestion === 0)
        if (accuracy !== null) expect(accuracy >= 0 && accuracy <= 1).toBe(true)
        if (improvementRate !== null) expect(Math.abs(improvementRate) <= 1).toBe(true)
      }),
    )
  })

  it('turn their improvement around where the halves are exchanged', () => {
    fc.assert(
      fc.property(fc.array(count, { maxLength: 20 }), (counts) => {
        const turned = counts.map((one) => ({ ...one, isLater: !one.isLater }))
        const forth = metricsOf({ ...span, counts }).improvementRate
        const back = metricsOf({ ...span, counts: turned }).improvementRate
        if (forth === null || back === null) expect(forth).toBe(back)
        else expect(forth + back).toBeCloseTo(0)
      }),
    )
  })

  it('are those that somebody counts by hand', () => {
    const counts = [
      { kind: 'positive', isLater: false, count: 1 },
      { kind: 'negative', isLater: false, count: 3 },
      { kind: 'positive', isLater: true, count: 3 },
      { kind: 'correction', isLater: true, count: 1 },
      { kind: 'suggestion', isLater: true, count: 8 },
    ] as const
    expect(metricsOf({ ...span, counts })).toEqual({
      ...span,
      total: 16,
      byKind: { positive: 4, negative: 3, correction: 1, suggestion: 8 },
      accuracy: 0.5,
      improvementRate: 0.5,
    })
    expect(metricsOf({ ...span, counts: [] })).toMatchObject({ total: 0, accuracy: null, improvementRate: null })
  })
})

function insights(
  counts: Partial<Record<FeedbackKind, number>>,
  more: Partial<Parameters<typeof insightsOf>[0]> & { readonly improvementRate?: number } = {},
) {
  const { improvementRate = null, ...facts } = more
  const rows = FEEDBACK_KINDS.map((kind) => ({ kind, isLater: true, count: counts[kind] ?? 0 }))
  const metrics = { ...metricsOf({ ...span, counts: rows }), improvementRate }
  return insightsOf({ metrics, tags: [], opportunities: [], unapplied: 0, ...facts })
}
const codes = (...of: Parameters<typeof insights>) => insights(...of).recommendations.map(({ code }) => code)
const opportunity = { agentType: 'qa', tag: 'tone', terms: [], examples: ['exm_1'], count: 3 }

describe('insights', () => {
  it.each([
    ['too little said', { positive: 9 }, {}, ['GIVE_FEEDBACK']],
    ['enough said, and all well', { positive: 10 }, {}, []],
    ['a share of negative that is just not too high', { positive: 71, negative: 29 }, {}, []],
    ['a share of negative that is too high', { positive: 7, negative: 3 }, {}, ['EXPLAIN_NEGATIVE']],
    ['a share of corrections that is too high', { positive: 7, correction: 3 }, {}, ['CORRECTED_OFTEN']],
    ['a loss', { positive: 10 }, { improvementRate: -0.1 }, ['GETTING_WORSE']],
    ['a small loss', { positive: 10 }, { improvementRate: -0.09 }, []],
    ['examples that are enough', { positive: 10 }, { unapplied: 10 }, ['TRAIN']],
    ['one example less', { positive: 10 }, { unapplied: 9 }, []],
    ['a repeated correction', { positive: 10 }, { opportunities: [opportunity] }, ['REPEATED_CORRECTIONS']],
    ['one issue above others', { positive: 40, negative: 5 }, { tags: [{ tag: 'tone', count: 3 }] }, ['ONE_ISSUE']],
    ['an issue that came twice', { positive: 40, negative: 2 }, { tags: [{ tag: 'tone', count: 2 }] }, []],
  ] as const)('recommend by rule: %s', (_, counts, more, expected) => {
    expect(codes(counts, more)).toEqual(expected)
  })

  it('say the rates and the issues, most frequent first', () => {
    const tags = [
      { tag: 'b', count: 2 },
      { tag: 'a', count: 2 },
      { tag: 'c', count: 3 },
    ]
    expect(insights({ positive: 12, negative: 3, correction: 1, suggestion: 4 }, { tags })).toMatchObject({
      total: 20,
      negativeRate: 0.15,
      correctionRate: 0.05,
      topIssues: [
        { tag: 'c', count: 3, share: 0.75 },
        { tag: 'a', count: 2, share: 0.5 },
        { tag: 'b', count: 2, share: 0.5 },
      ],
    })
    expect(insights({})).toMatchObject({ total: 0, negativeRate: null, correctionRate: null })
  })
})
