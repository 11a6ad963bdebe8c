import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PairedScores, pairedTest } from './paired-test.ts'
import { seededRandom } from './seeded-random.ts'
import { signTest } from './sign-test.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

const score = fc.integer({ min: 0, max: 100 })
const pairs = fc.array(fc.record({ before: score, after: score }), { minLength: 5, maxLength: 30 })
const options = { random: seededRandom(1) }

function changed(differences: readonly number[]): PairedScores[] {
  return differences.map((difference) => ({ before: 50, after: 50 + difference }))
}

describe('the paired test', () => {
  it('of eight wins, one loss and a tie says so', () => {
    const test = pairedTest(changed([20, 15, 22, 18, 30, 9, 12, 25, -4, 0]), { random: seededRandom(7) })
    // Twice (1 + 9) / 2^9.
    expect(test).toMatchObject({
      outcome: 'tested',
      n: 10,
      before: 50,
      after: expect.closeTo(64.7, 9),
      improvement: expect.closeTo(14.7, 9),
      wins: 8,
      losses: 1,
      ties: 1,
      p: 0.0390625,
      alternative: 'two-sided',
      level: 0.95,
      method: 'exact sign test, expanded BCa bootstrap',
    })
    if (test.outcome === 'too_few') throw new Error('too few')
    expect(test.interval.low).toBeGreaterThan(4)
    expect(test.interval.low).toBeLessThan(9)
    expect(test.interval.high).toBeGreaterThan(19)
    expect(test.interval.high).toBeLessThan(23)
  })

  it.each([0, 1, 4])('of %i pairs has no p', (n) => {
    expect(pairedTest(changed(Array(n).fill(50)), options)).toEqual({ outcome: 'too_few', n, needed: 5 })
  })

  it('of pairs without a difference finds none', () => {
    expect(pairedTest(changed([0, 0, 0, 0, 0]), options)).toMatchObject({
      improvement: 0,
      p: 1,
      ties: 5,
      interval: { low: 0, high: 0 },
    })
  })

  it('is the sign test and an interval about the improvement, for both ends of the same question', () => {
    fc.assert(
      fc.property(pairs, fc.nat(), (cases, seed) => {
        const test = pairedTest(cases, { random: seededRandom(seed), alternative: 'greater', level: 0.99 })
        const swapped = cases.map(({ before, after }) => ({ before: after, after: before }))
        const other = pairedTest(swapped, { random: seededRandom(seed), alternative: 'less', level: 0.99 })
        if (test.outcome === 'too_few' || other.outcome === 'too_few') throw new Error('too few')
        const differences = cases.map(({ before, after }) => after - before)
        expect(test.p).toBe(signTest(differences, 'greater').p)
        expect(test.improvement).toBeCloseTo(test.after - test.before, 9)
        expect(test.interval.low).toBeLessThanOrEqual(test.improvement + 1e-9)
        expect(test.interval.high).toBeGreaterThanOrEqual(test.improvement - 1e-9)
        expect(other.p).toBe(test.p)
        expect(other.improvement).toBeCloseTo(-test.improvement, 9)
        expect(test.wins + test.losses + test.ties).toBe(test.n)
      }),
      { numRuns: 30 },
    )
  })

  it.each([[{ before: -1, after: 50 }], [{ before: 50, after: 100.5 }], [{ before: Number.NaN, after: 50 }]])(
    'refuses the scores %o',
    (pair) => {
      expect(() => pairedTest([...changed([1, 2, 3, 4, 5]), pair], options)).toThrow(
        expect.objectContaining({ code: 'INPUT_INVALID' }),
      )
    },
  )
})
