import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Evidence, isSuccess, requestedDelta } from './evidence.ts'

const INVALID = expect.objectContaining({ code: 'INPUT_INVALID' })

describe('evidence', () => {
  it.each([
    [0, 500, 0],
    [2_999, 500, 0],
    [3_000, 1_000, 0],
    [4_999, 1_000, 0],
    [5_000, 1_500, 0],
    [6_999, 1_500, 0],
    [7_000, 2_000, 2_000],
    [10_000, 2_000, 2_000],
  ])('of a training score of %i asks for %i under bands and %i under earned [MAT-4]', (score, bands, earned) => {
    expect(requestedDelta({ kind: 'training', score }, 'bands')).toBe(bands)
    expect(requestedDelta({ kind: 'training', score }, 'earned')).toBe(earned)
  })

  it.each([
    [1, [0, 0, 0, 0, 0, 0, 0], [-400, -400, -400, -400, -400, -400, -400]],
    [2, [250, 150, 50, 0, 0, 0, 0], [-200, -200, -200, -200, -200, -200, -200]],
    [3, [500, 400, 300, 200, 100, 0, 0], [500, 400, 300, 200, 100, 0, 0]],
    [4, [750, 650, 550, 450, 350, 250, 250], [750, 650, 550, 450, 350, 250, 250]],
    [5, [1_000, 900, 800, 700, 600, 500, 500], [1_000, 900, 800, 700, 600, 500, 500]],
  ])('of a session rated %i asks for the table, by interventions 0 to 6 [MAT-4]', (rating, bands, earned) => {
    const counts = [0, 1, 2, 3, 4, 5, 6]
    const ask = (policy: 'bands' | 'earned'): number[] =>
      counts.map((interventions) => requestedDelta({ kind: 'supervision', rating, interventions }, policy))
    expect(ask('bands')).toEqual(bands)
    expect(ask('earned')).toEqual(earned)
  })

  it('of a session is the formula of the product, to the basis point [MAT-4]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(1_000), (rating, interventions) => {
        const exact = Math.max(0, (rating - 1) / 40 - Math.min(0.05, 0.01 * interventions))
        const asked = requestedDelta({ kind: 'supervision', rating, interventions }, 'bands')
        expect(Number.isInteger(asked)).toBe(true)
        expect(asked).toBeCloseTo(exact * 10_000, 6)
      }),
    )
  })

  const others: readonly (readonly [Evidence, number, number])[] = [
    [{ kind: 'termination' }, 0, -500],
    [{ kind: 'proposal', outcome: 'approved' }, 200, 200],
    [{ kind: 'proposal', outcome: 'edited' }, 50, 50],
    [{ kind: 'proposal', outcome: 'rejected' }, -200, -200],
    [{ kind: 'run', outcome: 'succeeded' }, 25, 25],
    [{ kind: 'run', outcome: 'failed' }, -200, -200],
    [{ kind: 'run', outcome: 'infrastructure_failed' }, 0, 0],
    [{ kind: 'incident' }, -2_000, -2_000],
  ]

  it.each(others)('%o asks for %i under bands and %i under earned [MAT-4]', (evidence, bands, earned) => {
    expect(requestedDelta(evidence, 'bands')).toBe(bands)
    expect(requestedDelta(evidence, 'earned')).toBe(earned)
  })

  it.each([Number.NaN, -1, 10_001, 0.7, Number.POSITIVE_INFINITY])('refuses a score of %s', (score) => {
    expect(() => requestedDelta({ kind: 'training', score }, 'bands')).toThrow(INVALID)
  })

  it.each([
    [0, 0],
    [6, 0],
    [4.5, 0],
    [Number.NaN, 0],
    [5, -1],
    [5, 0.5],
    [5, Number.NaN],
  ])('refuses a rating of %s with %s interventions', (rating, interventions) => {
    expect(() => requestedDelta({ kind: 'supervision', rating, interventions }, 'earned')).toThrow(INVALID)
  })

  it('refuses a kind that is none', () => {
    expect(() => requestedDelta({ kind: 'promotion' } as unknown as Evidence, 'bands')).toThrow(INVALID)
  })

  it.each<[evidence: Evidence, speaksFor: boolean | null]>([
    [{ kind: 'training', score: 6_999 }, false],
    [{ kind: 'training', score: 7_000 }, true],
    [{ kind: 'training', score: 10_000 }, true],
    [{ kind: 'supervision', rating: 3, interventions: 0 }, false],
    [{ kind: 'supervision', rating: 4, interventions: 0 }, true],
    [{ kind: 'supervision', rating: 5, interventions: 0 }, true],
    [{ kind: 'supervision', rating: 5, interventions: 1 }, false],
    [{ kind: 'termination' }, false],
    [{ kind: 'proposal', outcome: 'approved' }, true],
    [{ kind: 'proposal', outcome: 'edited' }, false],
    [{ kind: 'proposal', outcome: 'failed' }, false],
    [{ kind: 'proposal', outcome: 'rejected' }, false],
    [{ kind: 'run', outcome: 'succeeded' }, true],
    [{ kind: 'run', outcome: 'failed' }, false],
    [{ kind: 'run', outcome: 'infrastructure_failed' }, null],
    [{ kind: 'incident' }, null],
  ])('%o speaks for the agent: %s [MAT-4]', (evidence, speaksFor) => {
    expect(isSuccess(evidence)).toBe(speaksFor)
  })

  it.each<[evidence: Evidence, field: string]>([
    [{ kind: 'training', score: -1 }, 'score'],
    [{ kind: 'supervision', rating: 6, interventions: 0 }, 'rating'],
    [{ kind: 'supervision', rating: 5, interventions: -1 }, 'interventions'],
  ])('names what is none in %o', (evidence, field) => {
    expect(() => requestedDelta(evidence, 'earned')).toThrow(field)
  })
})
