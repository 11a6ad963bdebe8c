import fc from 'fast-check'
import { expect, it } from 'vitest'
import { quantileOf, type Step } from './distribution.ts'

/** As the database does it. */
const stepOf = (seconds: number): number => Math.floor(Math.log(Math.max(seconds, 0.001) / 3) / Math.log(1.1))

function stepsOf(times: readonly number[]): readonly Step[] {
  return [...new Set(times.map(stepOf))].map((step) => {
    const own = times.filter((time) => stepOf(time) === step)
    return { step, count: own.length, seconds: own.reduce((sum, time) => sum + time, 0) }
  })
}

const times = fc.array(fc.double({ min: 0.001, max: 2_592_000, noNaN: true }), { minLength: 1, maxLength: 60 })

it('a time below which a share of times lies is off by less than a tenth [ANL-1]', () => {
  fc.assert(
    fc.property(times, fc.constantFrom(0.05, 0.5, 0.95, 1), (given, share) => {
      const sorted = given.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
      const found = quantileOf(stepsOf(given), share, 'nearest') ?? 0
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.1 * exact + 1e-9)
    }),
  )
})

it('it is exact where the times of a step are equal, between neighbours as well, and null of none [ANL-1]', () => {
  expect(quantileOf(stepsOf([10, 20, 30, 40]), 0.5, 'between')).toBe(25)
  expect(quantileOf(stepsOf([10, 20, 30, 40]), 0.95, 'nearest')).toBe(40)
  expect(quantileOf(stepsOf([7, 7, 7]), 0.5, 'between')).toBe(7)
  expect(quantileOf([], 0.5, 'between')).toBeNull()
})

it('what was taken back leaves nothing [ANL-1]', () => {
  const kept = { step: 4, count: 2, seconds: 9 }
  expect(quantileOf([kept, { step: 9, count: 0, seconds: 0 }], 0.95, 'nearest')).toBe(4.5)
})
