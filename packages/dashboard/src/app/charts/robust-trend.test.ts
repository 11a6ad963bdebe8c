import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forecastOf, reachedAt, type TrendPoint } from './robust-trend.ts'

const DAY = 86_400_000
const OPTIONS = { aheadMs: 30 * DAY, least: 0, most: 10_000 }
const daily = (values: readonly number[]): readonly TrendPoint[] =>
  values.map((value, day) => ({ at: day * DAY, value }))
const last = (values: readonly number[]) => forecastOf(daily(values), OPTIONS)?.points.at(-1)

describe('a forecast', () => {
  it('continues a line without a band, half as far as it was seen', () => {
    const values = Array.from({ length: 11 }, (_, day) => 1_000 + 50 * day)
    const forecast = forecastOf(daily(values), OPTIONS)
    expect(forecast?.slopePerDay).toBeCloseTo(50)
    expect(forecast?.points[0]).toEqual({ at: 10 * DAY, value: 1_500, low: 1_500, high: 1_500 })
    expect(last(values)?.at).toBe(15 * DAY)
    for (const bound of ['value', 'low', 'high'] as const) expect(last(values)?.[bound]).toBeCloseTo(1_750)
  })

  it('is not there for fewer than 8 points, nor for less than 3 days', () => {
    expect(forecastOf(daily([1, 2, 3, 4, 5, 6, 7]), OPTIONS)).toBeNull()
    expect(forecastOf(daily([1, 2, 3, 4, 5, 6, 7, 8]), OPTIONS)).not.toBeNull()
    const hourly = Array.from({ length: 20 }, (_, hour) => ({ at: hour * 3_600_000, value: hour }))
    expect(forecastOf(hourly, OPTIONS)).toBeNull()
    expect(forecastOf([], OPTIONS)).toBeNull()
    const atOnce = Array.from({ length: 9 }, () => ({ at: 5, value: 1 }))
    expect(forecastOf(atOnce, OPTIONS)).toBeNull()
  })

  it('is not moved by one odd point', () => {
    const values = Array.from({ length: 15 }, (_, day) => 1_000 + 50 * day)
    const odd = values.map((value, day) => (day === 7 ? 9_000 : value))
    expect(forecastOf(daily(odd), OPTIONS)?.slopePerDay).toBeCloseTo(50)
  })

  it('says when a value is reached, and nothing for one that is not', () => {
    const forecast = forecastOf(daily(Array.from({ length: 21 }, (_, day) => 6_000 + 20 * day)), OPTIONS)
    if (forecast === null) throw new Error('There is no forecast.')
    expect(reachedAt(forecast, 6_500)).toBeCloseTo(25 * DAY, -7)
    expect(reachedAt(forecast, 9_000)).toBeNull()
    expect(reachedAt(forecast, 6_000)).toBeNull()
  })

  it('holds its course inside of its band, and the band inside of the scale, which widens with time', () => {
    const series = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 8, maxLength: 40 })
    fc.assert(
      fc.property(series, (values) => {
        const points = forecastOf(daily(values), OPTIONS)?.points ?? []
        expect(points).toHaveLength(13)
        for (const { value, low, high } of points) {
          expect(low).toBeGreaterThanOrEqual(0)
          expect(high).toBeLessThanOrEqual(10_000)
          expect(low).toBeLessThanOrEqual(value + 1e-6)
          expect(high).toBeGreaterThanOrEqual(value - 1e-6)
        }
      }),
    )
  })

  it('covers most of the ends of random walks with drift', () => {
    let seed = 42
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed / 2_147_483_648
    }
    let covered = 0
    for (let trial = 0; trial < 200; trial += 1) {
      // Scatter around a line: what the band is made for.
      const at = (day: number): number => 3_000 + 40 * day + (random() - 0.5) * 800
      const end = last(Array.from({ length: 31 }, (_, day) => at(day)))
      const truth = at(45)
      // It starts at the last point, which is itself off the line.
      if (end !== undefined && truth >= end.low && truth <= end.high) covered += 1
    }
    expect(covered / 200).toBeGreaterThan(0.6)
    expect(covered).toBeLessThan(200)
  })
})
