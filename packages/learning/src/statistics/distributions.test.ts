import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { incompleteBeta } from './incomplete-beta.ts'
import { logGamma } from './log-gamma.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { studentTCdf, studentTQuantile } from './student-t.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

/** Relative to the size of what is expected. */
function expectNear(value: number, expected: number, relative: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(relative * Math.abs(expected))
}

const SHARES = [0.9, 0.95, 0.975, 0.99, 0.995]

describe("Student's t", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: upper critical values, three decimals.
  it.each([
    [1, [3.078, 6.314, 12.706, 31.821, 63.657]],
    [2, [1.886, 2.92, 4.303, 6.965, 9.925]],
    [3, [1.638, 2.353, 3.182, 4.541, 5.841]],
    [4, [1.533, 2.132, 2.776, 3.747, 4.604]],
    [5, [1.476, 2.015, 2.571, 3.365, 4.032]],
    [10, [1.372, 1.812, 2.228, 2.764, 3.169]],
    [20, [1.325, 1.725, 2.086, 2.528, 2.845]],
    [30, [1.31, 1.697, 2.042, 2.457, 2.75]],
    [60, [1.296, 1.671, 2, 2.39, 2.66]],
    [100, [1.29, 1.66, 1.984, 2.364, 2.626]],
  ])('with %i degrees of freedom has the quantiles of the table', (freedom, table) => {
    SHARES.forEach((share, index) => {
      expect(Math.abs(studentTQuantile(share, freedom) - (table[index] ?? Number.NaN))).toBeLessThanOrEqual(0.0005001)
    })
  })

  // SciPy 1.17, scipy.stats.t.ppf: all digits, and degrees of freedom that are not whole.
  it.each([
    [0.975, 2, 4.302652729749462],
    [0.9, 3.5, 1.5765766051364052],
    [0.9995, 1, 636.6192487687897],
    [0.9995, 4, 8.610301581379522],
    [0.995, 30, 2.7499956535672254],
    [0.975, 1_000, 1.9623390808264083],
  ])('stays with a probability of %d and %d degrees of freedom below %d', (share, freedom, expected) => {
    expectNear(studentTQuantile(share, freedom), expected, 1e-11)
    expectNear(studentTQuantile(1 - share, freedom), -expected, 1e-9)
  })

  // SciPy 1.17, scipy.stats.t.cdf.
  it.each([
    [0.5, 1, 0.6475836176504333],
    [1e-8, 7, 0.5000000038499145],
    [-3, 2.5, 0.036288047774515914],
    [2.5, 48, 0.9920551545328812],
    [-40, 3, 1.7190340394579253e-5],
    [8, 200, 0.9999999999999506],
  ])('is at most %d with %d degrees of freedom with a probability of %d', (t, freedom, expected) => {
    expectNear(studentTCdf(t, freedom), expected, 1e-12)
  })

  it('with one degree of freedom is the Cauchy distribution, with two it has a closed form', () => {
    fc.assert(
      fc.property(fc.double({ min: -1_000, max: 1_000, noNaN: true }), (t) => {
        expect(studentTCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12)
        expect(studentTCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12)
      }),
    )
  })

  it('is symmetric, rises, and its quantile is the inverse', () => {
    const freedom = fc.double({ min: 1, max: 5_000, noNaN: true })
    const share = fc.double({ min: 0.0001, max: 0.9999, noNaN: true })
    fc.assert(
      fc.property(freedom, share, share, (degrees, one, other) => {
        const low = studentTQuantile(Math.min(one, other), degrees)
        expect(low).toBeLessThanOrEqual(studentTQuantile(Math.max(one, other), degrees))
        expect(studentTCdf(low, degrees)).toBeCloseTo(Math.min(one, other), 11)
        expect(studentTCdf(-low, degrees)).toBeCloseTo(1 - Math.min(one, other), 11)
      }),
    )
  })

  it('is wider for fewer degrees of freedom, and the normal distribution in the end', () => {
    const widths = [1, 2, 5, 20, 100, 10_000, 1_000_000].map((freedom) => studentTQuantile(0.975, freedom))
    expect(widths).toEqual(widths.toSorted((first, second) => second - first))
    expect(widths.at(-1)).toBeCloseTo(normalQuantile(0.975), 5)
    expect(studentTQuantile(0.5, 3)).toBe(0)
    expect(studentTCdf(Number.NEGATIVE_INFINITY, 3)).toBe(0)
    expect(studentTCdf(Number.POSITIVE_INFINITY, 3)).toBe(1)
  })

  it.each([
    ['no degrees of freedom', () => studentTCdf(1, 0)],
    ['degrees of freedom that are none', () => studentTQuantile(0.9, Number.NaN)],
    ['a value that is none', () => studentTCdf(Number.NaN, 3)],
    ['a probability of 0', () => studentTQuantile(0, 3)],
    ['a probability of 1', () => studentTQuantile(1, 3)],
    ['a probability that is none', () => studentTQuantile(Number.NaN, 3)],
  ])('refuses %s', (_, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})

describe('the normal distribution', () => {
  // SciPy 1.17, scipy.stats.norm.
  it.each([
    [-8, 6.22096057427174e-16],
    [-3, 0.0013498980316300933],
    [-2.9999, 0.001350341282954925],
    [-1, 0.15865525393145707],
    [0.3, 0.6179114221889526],
    [2, 0.9772498680518208],
    [5, 0.9999997133484281],
    [0, 0.5],
  ])('is at most %d with a probability of %d', (x, expected) => {
    expectNear(normalCdf(x), expected, 1e-11)
  })

  it.each([
    [1e-10, -6.361340902404056],
    [0.001, -3.090232306167813],
    [0.025, -1.9599639845400545],
    [0.3, -0.5244005127080409],
    [0.9999, 3.719016485455709],
  ])('stays with a probability of %d below %d', (share, expected) => {
    expectNear(normalQuantile(share), expected, 1e-11)
  })
})

describe('special functions', () => {
  // SciPy 1.17, scipy.special.betainc.
  it.each([
    [0.2, 0.5, 0.5, 0.2951672353008665],
    [0.5, 2, 3, 0.6875],
    [0.9, 24, 0.5, 0.025268888792003657],
    [0.01, 0.5, 500, 0.998472642120947],
    [0.7, 30, 12, 0.4010477903496097],
    [0, 2, 3, 0],
    [1, 2, 3, 1],
  ])('I_%d(%d, %d) is %d', (x, a, b, expected) => {
    expectNear(incompleteBeta(x, a, b), expected, 1e-12)
  })

  it('log Gamma is that of factorials and of one half', () => {
    let log = 0
    for (let n = 1; n <= 170; n += 1) {
      expect(Math.abs(logGamma(n) - log)).toBeLessThanOrEqual(1e-13 * Math.max(1, log))
      log += Math.log(n)
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13)
  })
})
