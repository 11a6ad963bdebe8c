import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PastHours, unusualHour } from './unusual-hour.ts'

const RULE = { deviations: 5, count: 20, hours: 24 }
const RATES = [0.2, 1, 5, 20, 80, 300]
const HISTORY = 28 * 24

/** A generator of numbers between 0 and 1 that a seed determines (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A Poisson count: arrivals in one unit of time, between which exponential times pass. */
function poisson(random: () => number, mean: number): number {
  let count = 0
  let passed = -Math.log(1 - random())
  while (passed < mean) {
    count += 1
    passed -= Math.log(1 - random())
  }
  return count
}

/** What the hour after some hours is held against. */
function pastOf(hours: readonly number[]): PastHours {
  const now = hours.length
  const at = (period: number): readonly number[] =>
    hours.filter((count, hour) => count > 0 && (now - hour) % period === 0)
  return { all: hours.filter((count) => count > 0), sameHour: at(24), sameWeekHour: at(168) }
}

describe('an unusual hour', () => {
  it.each(RATES)('is found in fewer than 1 of 1,000 days of steady traffic at %s an hour [ALERT-5]', (rate) => {
    const random = randomOf(Math.round(rate * 10) + 7)
    let alarms = 0
    // 1,000 days of one agent after its first 28.
    let hours = Array.from({ length: HISTORY }, () => poisson(random, rate))
    for (let day = 0; day < 1_000; day += 1) {
      const past = hours
      const today = Array.from({ length: 24 }, () => poisson(random, rate))
      const isUnusual = today.some((count, hour) => {
        const before = [...past, ...today.slice(0, hour)].slice(-HISTORY)
        return unusualHour(count, pastOf(before), RULE) !== undefined
      })
      if (isUnusual) alarms += 1
      hours = [...hours, ...today].slice(-HISTORY)
    }
    expect(alarms).toBeLessThan(1)
  })

  it.each(RATES.filter((rate) => rate >= 5))(
    'is found at once where %s an hour become ten times as many [ALERT-5]',
    (rate) => {
      const random = randomOf(99)
      for (let run = 0; run < 100; run += 1) {
        const hours = Array.from({ length: HISTORY }, () => poisson(random, rate))
        expect(unusualHour(poisson(random, 10 * rate), pastOf(hours), RULE)).toBeDefined()
      }
    },
  )

  it('is none below the least count or with too little of a past, whatever it is [ALERT-5]', () => {
    fc.assert(
      fc.property(fc.nat(19), fc.array(fc.nat(5), { maxLength: 100 }), (count, hours) => {
        expect(unusualHour(count, pastOf(hours), RULE)).toBeUndefined()
      }),
    )
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.array(fc.nat(5), { maxLength: 23 }), (count, hours) => {
        expect(unusualHour(count, pastOf(hours), RULE)).toBeUndefined()
      }),
    )
  })

  it('is none where the same is done every night, every Monday, or in bursts of any hour [ALERT-5]', () => {
    const nightly = Array.from({ length: HISTORY }, (_, hour) => (hour % 24 === 0 ? 1_000 : 10))
    expect(unusualHour(1_050, pastOf(nightly), RULE)).toBeUndefined()
    const weekly = Array.from({ length: HISTORY }, (_, hour) => (hour % 168 === 0 ? 1_000 : 10))
    expect(unusualHour(1_050, pastOf(weekly), RULE)).toBeUndefined()
    expect(unusualHour(1_050, pastOf(weekly.slice(0, -1)), RULE)).toMatchObject({ count: 1_050, usual: 10 })
    const random = randomOf(3)
    const bursts = Array.from({ length: HISTORY }, () => Math.ceil(Math.exp(random() * 6)))
    expect(unusualHour(400, pastOf(bursts), RULE)).toBeUndefined()
  })

  it('is still found where several hours before were the same attack [ALERT-5]', () => {
    const random = randomOf(5)
    const hours = Array.from({ length: HISTORY }, (_, hour) => poisson(random, hour >= HISTORY - 24 ? 200 : 20))
    expect(unusualHour(200, pastOf(hours), RULE)).toBeDefined()
  })

  it('is no less unusual with more in it [ALERT-5]', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { minLength: 200, maxLength: 300 }), fc.nat(5_000), (hours, count) => {
        const one = unusualHour(count, pastOf(hours), RULE)
        const more = unusualHour(count + 1, pastOf(hours), RULE)
        if (one !== undefined) expect(more?.deviations).toBeGreaterThan(one.deviations)
      }),
    )
  })
})
