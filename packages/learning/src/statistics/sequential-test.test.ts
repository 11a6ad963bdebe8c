import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawNormal, sample, shareOf } from './samples.test.helper.ts'
import { type Random, seededRandom } from './seeded-random.ts'
import { type SequentialOutcome, sequentialTest } from './sequential-test.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

const SCORES = { low: 0, high: 100 }
const ONE = { low: 0, high: 1 }

type Draw = (random: Random) => number

const coin =
  (rate: number): Draw =>
  (random) =>
    random() < rate ? 1 : 0
const score =
  (middle: number): Draw =>
  (random) =>
    Math.min(100, Math.max(0, middle + 15 * drawNormal(random)))

function run(
  { a, b, most, seed }: { a: Draw; b: Draw; most: number; seed: Random },
  range = SCORES,
): SequentialOutcome {
  return sequentialTest({ a: sample(most, () => a(seed)), b: sample(most, () => b(seed)), range, most })
}

describe('the stop rule of an experiment', () => {
  // Looked at after every pair, 1,000 runs; about 0.03 is usual, so that the bound leaves room for chance.
  it.each([
    ['coins of one half', ONE, coin(0.5)],
    ['coins of one tenth', ONE, coin(0.1)],
    ['scores', SCORES, score(60)],
    ['nothing or everything', SCORES, (random: Random) => (random() < 0.5 ? 0 : 100)],
  ] as const)('names a winner among equal arms in one run of twenty at most: %s', (_, range, draw) => {
    const seed = seededRandom(11)
    const decided = shareOf(1_000, () => run({ a: draw, b: draw, most: 400, seed }, range).outcome === 'decided')
    expect(decided).toBeLessThanOrEqual(0.05)
  })

  it('does decide now and then where there is no difference: the bound is not one of never deciding', () => {
    const seed = seededRandom(12)
    const decided = shareOf(
      2_000,
      () => run({ a: coin(0.5), b: coin(0.5), most: 400, seed }, ONE).outcome === 'decided',
    )
    expect(decided).toBeGreaterThan(0.01)
  })

  it('holds its bound when the arms differ in spread and in form, but not in mean', () => {
    const seed = seededRandom(13)
    const flat: Draw = () => 50
    const wild: Draw = (random) => (random() < 0.05 ? 100 : 50 - 50 / 19)
    const decided = shareOf(1_000, () => run({ a: flat, b: wild, most: 400, seed }).outcome === 'decided')
    expect(decided).toBeLessThanOrEqual(0.05)
  })

  it('hardly ever names the worse arm, and finds a better one by 15 points within 150 pairs, mostly', () => {
    const seed = seededRandom(14)
    const outcomes = Array.from({ length: 400 }, () => run({ a: score(55), b: score(70), most: 150, seed }))
    const wonBy = (arm: 'a' | 'b'): number =>
      outcomes.filter((found) => found.outcome === 'decided' && found.winner === arm).length / outcomes.length
    expect(wonBy('a')).toBeLessThanOrEqual(0.05)
    expect(wonBy('b')).toBeGreaterThan(0.95)
    const pairs = outcomes.map((found) => found.pairs).sort((first, second) => first - second)
    expect(pairs[200]).toBeLessThanOrEqual(50)
  })

  it('names the worse of two near arms in one run of twenty at most', () => {
    const seed = seededRandom(15)
    const worse = shareOf(1_000, () => {
      const found = run({ a: coin(0.5), b: coin(0.52), most: 300, seed }, ONE)
      return found.outcome === 'decided' && found.winner === 'a'
    })
    expect(worse).toBeLessThanOrEqual(0.05)
  })

  it('doubles its e-value at most, per pair: one arm that always wins takes the pairs that the sum says', () => {
    // The mean of (1 + s)^n over s = 1/64, 3/64, ... 63/64, halved with what is left of the other side: passes 20 at n = 8.
    const stakes = Array.from({ length: 32 }, (_, index) => (index + 0.5) / 32)
    const evidence = (n: number): number =>
      stakes.reduce((sum, stake) => sum + (1 + stake) ** n + (1 - stake) ** n, 0) / 64
    const first = Array.from({ length: 20 }, (_, n) => n).find((n) => evidence(n) >= 20)
    const found = sequentialTest({ a: Array(20).fill(0), b: Array(20).fill(1), range: ONE, most: 20 })
    expect(found).toMatchObject({ outcome: 'decided', winner: 'b', pairs: first, difference: 1, needed: 20 })
    expect(found.evidence).toBeCloseTo(evidence(first ?? 0), 9)
    expect(first).toBe(8)
  })

  it('goes on, ends without a winner at the most, and looks at no more pairs than that', () => {
    const at = (n: number, most: number): SequentialOutcome =>
      sequentialTest({ a: Array(n).fill(40), b: Array(n).fill(40), range: SCORES, most })
    expect(at(0, 5)).toEqual({ outcome: 'continue', remaining: 5, pairs: 0, evidence: 1, needed: 20 })
    expect(at(4, 5)).toMatchObject({ outcome: 'continue', remaining: 1, pairs: 4 })
    expect(at(5, 5)).toEqual({ outcome: 'inconclusive', pairs: 5, evidence: 1, needed: 20 })
    expect(at(9, 5)).toMatchObject({ outcome: 'inconclusive', pairs: 5 })
  })

  const results = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 60 })

  it('is settled by the first crossing: later results, and those without a partner, change nothing', () => {
    fc.assert(
      fc.property(results, results, results, (a, b, later) => {
        const question = { range: SCORES, most: 200, alpha: 0.3 }
        const found = sequentialTest({ ...question, a, b })
        expect(sequentialTest({ ...question, a: a.length <= b.length ? a : [...a, ...later], b })).toEqual(found)
        if (found.outcome !== 'decided') return
        expect(sequentialTest({ ...question, a: [...a, ...later], b: [...b, ...later.toReversed()] })).toEqual(found)
      }),
    )
  })

  it('mirrors the arms, and does not care for the unit of the results', () => {
    fc.assert(
      fc.property(results, results, (a, b) => {
        const found = sequentialTest({ a, b, range: SCORES, most: 200, alpha: 0.3 })
        const mirrored = sequentialTest({ a: b, b: a, range: SCORES, most: 200, alpha: 0.3 })
        expect(mirrored.pairs).toBe(found.pairs)
        expect(mirrored.evidence).toBeCloseTo(found.evidence, 9)
        if (found.outcome === 'decided') expect(mirrored).toMatchObject({ winner: found.winner === 'a' ? 'b' : 'a' })
        const halves = (values: readonly number[]): number[] => values.map((value) => value / 2 - 10)
        const range = { low: -10, high: 40 }
        const other = sequentialTest({ a: halves(a), b: halves(b), range, most: 200, alpha: 0.3 })
        expect(other.evidence).toBeCloseTo(found.evidence, 9)
      }),
    )
  })

  it('has an e-value of mean 1 at a fixed time when there is no difference: every sequence of four coins', () => {
    const flips = Array.from({ length: 256 }, (_, bits) => Array.from({ length: 8 }, (_, bit) => (bits >> bit) & 1))
    const total = flips.reduce((sum, bits) => {
      const found = sequentialTest({ a: bits.slice(0, 4), b: bits.slice(4), range: ONE, most: 4, alpha: 1e-6 })
      return sum + found.evidence
    }, 0)
    expect(total / 256).toBeCloseTo(1, 12)
  })

  it.each([
    ['a result above the range', { a: [101] }],
    ['a result below the range', { b: [-1] }],
    ['a result that is none', { a: [Number.NaN] }],
    ['a range without width', { range: { low: 5, high: 5 } }],
    ['a range without an end', { range: { low: 0, high: Number.POSITIVE_INFINITY } }],
    ['an alpha of 0', { alpha: 0 }],
    ['an alpha of 1', { alpha: 1 }],
    ['no pairs at most', { most: 0 }],
  ])('refuses %s', (_, wrong) => {
    const call = (): unknown => sequentialTest({ a: [], b: [], range: SCORES, most: 10, ...wrong })
    expect(call).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
