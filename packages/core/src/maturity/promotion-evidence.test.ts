import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENOUGH_EVIDENCE, evidenceShare, promotionEvidence, successesMissing } from './promotion-evidence.ts'
import { seededRandom } from './seeded-random.test.helper.ts'

const RATES = { supervised: 0.7, autonomous: 0.85 } as const

/** The definition, by a midpoint sum. */
function byDefinition(successes: number, failures: number, p0: number): number {
  const steps = 20_000
  let sum = 0
  for (let step = 0; step < steps; step += 1) {
    const q = p0 + ((step + 0.5) / steps) * (1 - p0)
    sum += (q / p0) ** successes * ((1 - q) / (1 - p0)) ** failures
  }
  return sum / steps
}

/** By number of outcomes, the least successes that pass. */
function boundary(p0: number, most: number): readonly number[] {
  const least: number[] = []
  let needed = 0
  for (let count = 0; count <= most; count += 1) {
    while (
      needed <= count &&
      promotionEvidence({ successes: needed, failures: count - needed }, p0) < ENOUGH_EVIDENCE
    ) {
      needed += 1
    }
    least.push(needed)
  }
  return least
}

/** How many outcomes the sequential test takes that is told the true rate, which no test does better: Wald's ratio. */
function outcomesToKnow(p0: number, rate: number, random: () => number): number {
  let evidence = 0
  for (let count = 1; ; count += 1) {
    evidence += random() < rate ? Math.log(rate / p0) : Math.log((1 - rate) / (1 - p0))
    if (evidence >= Math.log(ENOUGH_EVIDENCE)) return count
  }
}

function medianOf(counts: readonly number[]): number {
  return counts.toSorted((first, second) => first - second)[Math.floor(counts.length / 2)] ?? Number.NaN
}

/** How many outcomes it took to pass, looking after every one; undefined when it never did. */
function outcomesToPass(least: readonly number[], rate: number, random: () => number): number | undefined {
  let successes = 0
  for (let count = 1; count < least.length; count += 1) {
    if (random() < rate) successes += 1
    if (successes >= (least[count] ?? Number.POSITIVE_INFINITY)) return count
  }
  return undefined
}

describe('evidence for a promotion', () => {
  it('is the average of the likelihood ratios [MAT-8]', () => {
    const rate = fc.integer({ min: 50, max: 950 }).map((thousandths) => thousandths / 1_000)
    fc.assert(
      fc.property(fc.nat(60), fc.nat(20), rate, (successes, failures, p0) => {
        const exact = promotionEvidence({ successes, failures }, p0)
        expect(exact / byDefinition(successes, failures, p0)).toBeCloseTo(1, 4)
      }),
      { numRuns: 60 },
    )
  })

  it('passes at the earliest after 13 of 13, and 28 of 28 [MAT-8]', () => {
    const first = (p0: number): number => successesMissing({ successes: 0, failures: 0 }, p0)
    expect([first(RATES.supervised), first(RATES.autonomous)]).toEqual([13, 28])
    expect(promotionEvidence({ successes: 0, failures: 0 }, 0.7)).toBeCloseTo(1, 12)
  })

  it('says how much is there, and how much is missing', () => {
    expect(evidenceShare({ successes: 13, failures: 0 }, 0.7)).toBe(1)
    expect(evidenceShare({ successes: 0, failures: 9 }, 0.7)).toBe(0)
    fc.assert(
      fc.property(fc.nat(80), fc.nat(20), (successes, failures) => {
        const more = successesMissing({ successes, failures }, 0.7)
        const evidenceWith = (count: number): number =>
          promotionEvidence({ successes: successes + count, failures }, 0.7)
        expect(evidenceWith(more)).toBeGreaterThanOrEqual(ENOUGH_EVIDENCE)
        if (more > 0) expect(evidenceWith(more - 1)).toBeLessThan(ENOUGH_EVIDENCE)
      }),
      { numRuns: 100 },
    )
  })

  it('stays a number for long records', () => {
    expect(promotionEvidence({ successes: 100_000, failures: 43_000 }, 0.7)).toBeGreaterThanOrEqual(0)
    expect(evidenceShare({ successes: 9_000, failures: 100 }, 0.85)).toBe(1)
  })

  it.each([
    [-1, 0, 0.7],
    [1.5, 0, 0.7],
    [0, Number.NaN, 0.7],
    [0, 0, 0],
    [0, 0, 1],
    [0, 0, Number.NaN],
  ])('takes no %s successes, %s failures at %s', (successes, failures, p0) => {
    expect(() => promotionEvidence({ successes, failures }, p0)).toThrow(/whole number|between 0 and 1/)
  })

  it.each(Object.values(RATES))(
    'promotes at most 5 % of the agents that sit at %s, looking every time [MAT-8]',
    (p0) => {
      const least = boundary(p0, 400)
      const random = seededRandom(7)
      const promoted = (rate: number): number =>
        Array.from({ length: 3_000 }, () => outcomesToPass(least, rate, random)).filter((count) => count !== undefined)
          .length / 3_000
      expect(promoted(p0)).toBeLessThanOrEqual(0.05)
      expect(promoted(p0 - 0.05)).toBeLessThanOrEqual(0.01)
    },
  )

  it.each([
    [RATES.supervised, 0.85],
    [RATES.supervised, 0.9],
    [RATES.supervised, 0.95],
    [RATES.autonomous, 0.93],
    [RATES.autonomous, 0.95],
    [RATES.autonomous, 0.98],
  ])(
    'promotes at %s and a true rate of %s within 1.5 times the outcomes of a test that knows it [MAT-8]',
    (p0, rate) => {
      const least = boundary(p0, 2_000)
      const [ours, oracle] = [seededRandom(13), seededRandom(13)]
      const runs = Array.from({ length: 2_001 })
      const taken = medianOf(runs.map(() => outcomesToPass(least, rate, ours) ?? Number.POSITIVE_INFINITY))
      expect(taken).toBeLessThanOrEqual(1.5 * medianOf(runs.map(() => outcomesToKnow(p0, rate, oracle))))
    },
  )

  it.each([
    [RATES.supervised, 0.9, 26],
    [RATES.autonomous, 0.95, 56],
  ])('needs at %s and a true rate of %s a median of %s outcomes [MAT-8]', (p0, rate, median) => {
    const least = boundary(p0, 2_000)
    const random = seededRandom(11)
    const counts = Array.from({ length: 2_001 }, () => outcomesToPass(least, rate, random) ?? Number.POSITIVE_INFINITY)
    counts.sort((first, second) => first - second)
    expect(Math.abs((counts[1_000] ?? 0) - median)).toBeLessThanOrEqual(median * 0.1)
  })
})
