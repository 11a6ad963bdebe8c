import { MATURITIES, type Maturity } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertConfidence, BANDS, bandOf, compareMaturity, floorOf, minMaturity, stepDown, stepUp } from './levels.ts'

const IMPOSSIBLE = expect.objectContaining({ code: 'FACT_INVALID' })
const maturity = fc.constantFrom(...MATURITIES)

describe('levels of maturity', () => {
  it.each([
    [0, 'student'],
    [4_999, 'student'],
    [5_000, 'intern'],
    [6_999, 'intern'],
    [7_000, 'supervised'],
    [8_999, 'supervised'],
    [9_000, 'autonomous'],
    [10_000, 'autonomous'],
  ])('puts a confidence of %i into the band %s [MAT-1]', (confidence, band) => {
    expect(bandOf(confidence)).toBe(band)
  })

  it('pins the floors of the bands [MAT-1]', () => {
    expect(BANDS).toEqual({ student: 0, intern: 5_000, supervised: 7_000, autonomous: 9_000 })
    expect(MATURITIES.map(floorOf)).toEqual([0, 5_000, 7_000, 9_000])
    expect(Object.isFrozen(BANDS)).toBe(true)
  })

  it('never lowers the band for more confidence, and holds every confidence in its band [MAT-1]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 10_000 }), (left, right) => {
        const [less, more] = left <= right ? [left, right] : [right, left]
        expect(compareMaturity(bandOf(less), bandOf(more))).toBeLessThanOrEqual(0)
        const above = stepUp(bandOf(less))
        expect(less).toBeGreaterThanOrEqual(floorOf(bandOf(less)))
        if (above !== undefined) expect(less).toBeLessThan(floorOf(above))
      }),
    )
  })

  it.each([
    Number.NaN,
    -1,
    10_001,
    0.5,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1e300,
    '5000',
    null,
    undefined,
    5_000n,
  ])('refuses %s as a confidence [I-1, I-11]', (confidence) => {
    expect(() => assertConfidence(confidence)).toThrow(IMPOSSIBLE)
    expect(() => bandOf(confidence as number)).toThrow(IMPOSSIBLE)
  })

  it('orders the levels and takes the lowest', () => {
    fc.assert(
      fc.property(maturity, fc.array(maturity, { maxLength: 6 }), (first, rest) => {
        const lowest = minMaturity(first, ...rest)
        expect([first, ...rest]).toContain(lowest)
        for (const other of [first, ...rest]) expect(compareMaturity(lowest, other)).toBeLessThanOrEqual(0)
        expect(Math.sign(compareMaturity(first, lowest))).toBe(-Math.sign(compareMaturity(lowest, first)) + 0)
      }),
    )
    expect(MATURITIES.toSorted(compareMaturity)).toEqual(['student', 'intern', 'supervised', 'autonomous'])
  })

  it('steps one level at a time and ends at both ends', () => {
    expect(MATURITIES.map(stepUp)).toEqual(['intern', 'supervised', 'autonomous', undefined])
    expect(MATURITIES.map(stepDown)).toEqual([undefined, 'student', 'intern', 'supervised'])
  })

  it.each(['admin', 'Autonomous', '', 'constructor', '__proto__', 'toString', undefined, null, 3])(
    'refuses %s, which is no level, instead of comparing it [I-1]',
    (name) => {
      const level = name as Maturity
      expect(() => compareMaturity(level, 'student')).toThrow(IMPOSSIBLE)
      expect(() => compareMaturity('student', level)).toThrow(IMPOSSIBLE)
      expect(() => minMaturity('student', level)).toThrow(IMPOSSIBLE)
      expect(() => minMaturity(level)).toThrow(IMPOSSIBLE)
      expect(() => stepUp(level)).toThrow(IMPOSSIBLE)
      expect(() => stepDown(level)).toThrow(IMPOSSIBLE)
      expect(() => floorOf(level)).toThrow(IMPOSSIBLE)
    },
  )
})
