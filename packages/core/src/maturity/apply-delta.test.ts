import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyDelta } from './apply-delta.ts'
import { type Evidence, type PromotionPolicy, requestedDelta } from './evidence.ts'

const IMPOSSIBLE = expect.objectContaining({ code: 'FACT_INVALID' })
const confidence = fc.integer({ min: 0, max: 10_000 })
const delta = fc.oneof(fc.integer({ min: -3_000, max: 3_000 }), fc.maxSafeInteger())
const evidence: fc.Arbitrary<Evidence> = fc.oneof(
  fc.record({ kind: fc.constant('training' as const), score: confidence }),
  fc.record({
    kind: fc.constant('supervision' as const),
    rating: fc.integer({ min: 1, max: 5 }),
    interventions: fc.nat(9),
  }),
  fc.record({ kind: fc.constant('termination' as const) }),
  fc.record({
    kind: fc.constant('proposal' as const),
    outcome: fc.constantFrom('approved' as const, 'edited' as const, 'rejected' as const),
  }),
  fc.record({
    kind: fc.constant('run' as const),
    outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'infrastructure_failed' as const),
  }),
  fc.record({ kind: fc.constant('incident' as const) }),
)

describe('applied delta', () => {
  it.each([
    [3_000, 500, 500, 3_500],
    [9_900, 500, 100, 10_000],
    [10_000, 25, 0, 10_000],
    [1_500, -2_000, -1_500, 0],
    [0, -200, 0, 0],
    [0, 0, 0, 0],
    [4_000, -4_000, -4_000, 0],
  ])('adds %i and %i: applied %i, then %i [MAT-3]', (before, requested, applied, after) => {
    expect(applyDelta(before, requested)).toEqual({ applied, confidence: after })
  })

  it('stays within 0 and 10,000 and applies no more than was asked for [MAT-3]', () => {
    fc.assert(
      fc.property(confidence, delta, (before, requested) => {
        const { applied, confidence: after } = applyDelta(before, requested)
        expect(after).toBe(before + applied)
        expect(after).toBeGreaterThanOrEqual(0)
        expect(after).toBeLessThanOrEqual(10_000)
        expect(Math.abs(applied)).toBeLessThanOrEqual(Math.abs(requested))
        expect(applied * requested).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('makes the stored value the replayed sum of what was applied, for any ledger [I-11, MAT-3]', () => {
    const policy = fc.constantFrom<PromotionPolicy>('bands', 'earned')
    fc.assert(
      fc.property(confidence, fc.array(evidence, { maxLength: 60 }), policy, (opening, facts, rules) => {
        const ledger = [{ applied: opening }]
        let stored = opening
        for (const fact of facts) {
          const { applied, confidence: after } = applyDelta(stored, requestedDelta(fact, rules))
          ledger.push({ applied })
          stored = after
        }
        expect(ledger.reduce((sum, entry) => sum + entry.applied, 0)).toBe(stored)
        expect(Number.isInteger(stored)).toBe(true)
      }),
    )
  })

  it.each([
    [Number.NaN, 1],
    [-1, 1],
    [10_001, 1],
    [0.5, 1],
    [5_000, Number.NaN],
    [5_000, 0.1],
    [5_000, Number.POSITIVE_INFINITY],
    [5_000, '1'],
  ])('refuses %s and %s', (before, requested) => {
    expect(() => applyDelta(before, requested as number)).toThrow(IMPOSSIBLE)
  })
})
