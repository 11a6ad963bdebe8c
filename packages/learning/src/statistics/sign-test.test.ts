import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Alternative, signTest } from './sign-test.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

function outcomes({ wins, losses, ties = 0 }: { wins: number; losses: number; ties?: number }): number[] {
  return [...Array(wins).fill(3.5), ...Array(losses).fill(-1), ...Array(ties).fill(0)]
}

/** The tail in whole numbers: `sum of choose(n, k) for k <= count`, over 2^n. */
function exactTail(count: number, n: number): number {
  let choose = 1n
  let sum = 0n
  for (let k = 0n; k <= BigInt(count); k += 1n) {
    sum += choose
    choose = (choose * (BigInt(n) - k)) / (k + 1n)
  }
  const digits = 10n ** 30n
  return Number((sum * digits) / 2n ** BigInt(n)) / 1e30
}

describe('the sign test', () => {
  it.each<[string, number, number, Alternative, number]>([
    // J. H. Zar, Biostatistical Analysis: the legs of ten deer.
    ['deer', 8, 2, 'two-sided', 0.109375],
    // J. Arbuthnot, 1710: 82 years with more boys than girls, 1 in 4.836e24.
    ['births', 82, 0, 'greater', 2.0679515313825692e-25],
    // binom.test of R, p = 0.5.
    ['7 of 8', 7, 1, 'two-sided', 0.0703125],
    ['7 of 8', 7, 1, 'greater', 0.03515625],
    ['7 of 8', 7, 1, 'less', 0.99609375],
    ['5 of 5', 5, 0, 'two-sided', 0.0625],
    ['5 of 5', 5, 0, 'greater', 0.03125],
    ['9 of 12', 9, 3, 'two-sided', 0.14599609375],
    ['15 of 20', 15, 5, 'two-sided', 0.04138946533203125],
    ['10 of 20', 10, 10, 'two-sided', 1],
    ['60 of 100', 60, 40, 'two-sided', 0.056887933640980784],
    ['0 of 0', 0, 0, 'two-sided', 1],
    ['0 of 0', 0, 0, 'greater', 1],
  ])('of %s: %i wins, %i losses, %s, is %d', (_, wins, losses, alternative, p) => {
    const test = signTest(outcomes({ wins, losses, ties: 4 }), alternative)
    expect(test).toMatchObject({ n: wins + losses, wins, losses, ties: 4 })
    expect(Math.abs(test.p - p)).toBeLessThanOrEqual(1e-15 * p)
  })

  it('is the exact binomial tail, for every count up to 40 and for large ones', () => {
    for (let n = 1; n <= 40; n += 1) {
      for (let wins = 0; wins <= n; wins += 1) {
        const { p } = signTest(outcomes({ wins, losses: n - wins }), 'less')
        expect(p).toBeCloseTo(exactTail(wins, n), 15)
      }
    }
    expect(signTest(outcomes({ wins: 940, losses: 1_060 }), 'less').p).toBeCloseTo(exactTail(940, 2_000), 13)
    expect(signTest(outcomes({ wins: 1_060, losses: 940 }), 'less').p).toBeCloseTo(exactTail(1_060, 2_000), 13)
    expect(signTest(outcomes({ wins: 0, losses: 1_000 }), 'less').p).toBe(2 ** -1_000)
    expect(signTest(outcomes({ wins: 1, losses: 1_059 }), 'less').p).toBe(1_061 * 2 ** -1_060)
    expect(signTest(outcomes({ wins: 0, losses: 1_100 }), 'less').p).toBe(0)
    // The sum of choose(1,100, k) for k up to 10 is 2^79.195899.
    expect(Math.log2(signTest(outcomes({ wins: 10, losses: 1_090 }), 'less').p)).toBeCloseTo(79.195899 - 1_100, 5)
  })

  it('is a probability that mirrors, and that more wins never raise', () => {
    const count = fc.nat(300)
    fc.assert(
      fc.property(count, count, (wins, losses) => {
        const at = (alternative: Alternative, more = 0): number =>
          signTest(outcomes({ wins: wins + more, losses }), alternative).p
        const mirrored = outcomes({ wins, losses }).map((difference) => -difference)
        expect(signTest(mirrored).p).toBe(at('two-sided'))
        expect(signTest(mirrored, 'less').p).toBe(at('greater'))
        expect(at('greater', 1)).toBeLessThanOrEqual(at('greater'))
        for (const alternative of ['two-sided', 'greater', 'less'] as const) {
          expect(at(alternative)).toBeGreaterThan(0)
          expect(at(alternative)).toBeLessThanOrEqual(1)
        }
        // Both tails hold the result itself.
        expect(at('greater') + at('less')).toBeGreaterThanOrEqual(1)
      }),
    )
  })

  it('sees only the sign, and no order', () => {
    const differences = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 30 })
    fc.assert(
      fc.property(differences, fc.integer({ min: 1, max: 100 }), (values, scale) => {
        const other = values.map((value) => value * scale).toReversed()
        expect(signTest(other)).toEqual(signTest(values))
      }),
    )
  })

  it('rejects at most alpha of what has no difference', () => {
    for (const n of [5, 12, 31]) {
      let rejected = 0
      for (let wins = 0; wins <= n; wins += 1) {
        const own = exactTail(wins, n) - (wins === 0 ? 0 : exactTail(wins - 1, n))
        if (signTest(outcomes({ wins, losses: n - wins })).p <= 0.05) rejected += own
      }
      expect(rejected).toBeLessThanOrEqual(0.05)
    }
  })

  it('refuses what is no number', () => {
    expect(() => signTest([1, Number.NaN])).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
