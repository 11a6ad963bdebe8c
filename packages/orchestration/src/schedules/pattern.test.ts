import { GovernanceError } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTime, parsePattern } from './pattern.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const MINUTE_MS = 60_000
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Pacific/Chatham',
]

/** The next times after a moment, as UTC. */
function times(cron: string, timezone: string, after: string, count: number): readonly string[] {
  const found: string[] = []
  let at = Date.parse(after)
  while (found.length < count) {
    at = nextTime({ cron, timezone }, at)
    found.push(new Date(at).toISOString().replace(':00.000Z', 'Z'))
  }
  return found
}

function problemOf(cron: string, timezone = 'UTC'): string {
  try {
    parsePattern({ cron, timezone }, NOW)
  } catch (error) {
    if (GovernanceError.isInstance(error)) return `${error.code} ${error.message}`
  }
  return 'none'
}

describe('a pattern of times', () => {
  it('has five fields, names and steps among them, and keeps them apart by one space', () => {
    expect(parsePattern({ cron: ' */15  8-17 *\t* MON-FRI ', timezone: 'Europe/Berlin' }, NOW)).toEqual({
      pattern: { cron: '*/15 8-17 * * MON-FRI', timezone: 'Europe/Berlin' },
      nextAt: Date.parse('2026-06-01T12:15:00Z'),
    })
    expect(times('0 9 1 JAN,jul *', 'UTC', '2026-06-01T00:00:00Z', 2)).toEqual([
      '2026-07-01T09:00Z',
      '2027-01-01T09:00Z',
    ])
    expect(times('0 0 L * *', 'UTC', '2027-02-01T00:00:00Z', 1)).toEqual(['2027-02-28T00:00Z'])
    expect(times('0 9 * * THU#2', 'UTC', '2026-06-01T00:00:00Z', 1)).toEqual(['2026-06-11T09:00Z'])
  })

  it.each([
    ['0 * * * * *', 'a pattern has 5 fields'],
    ['@daily', 'a pattern has 5 fields'],
    ['', 'a pattern has 5 fields'],
    ['60 * * * *', 'expected range 0-59'],
    ['*/0 * * * *', 'cannot repeat at every 0'],
    ['a * * * *', 'Invalid characters'],
    ['5-1 * * * *', 'Invalid range'],
    ['0 0 30 2 *', 'Invalid explicit day of month'],
    ['0 0 1 * 1', 'both dayOfMonth and dayOfWeek'],
    ['H * * * *', '"H" is not taken'],
    ['0 h(1-3) * * *', '"H" is not taken'],
    [`0 0 * * ${'1,'.repeat(200)}1`, 'a pattern has 5 fields'],
  ])('%s is none', (cron, said) => {
    expect(problemOf(cron)).toMatch(/^INPUT_INVALID schedule\.cron: /)
    expect(problemOf(cron)).toContain(said)
  })

  it.each(['Nowhere/City', 'UTC+3', '+03:00', '', 'Europe/Berlin\n', '../etc', 'x'.repeat(100)])(
    '%j is no timezone',
    (timezone) => {
      expect(problemOf('0 0 * * *', timezone)).toMatch(/^INPUT_INVALID schedule\.timezone: /)
    },
  )

  it('is the same time of day on both sides of a change of the clocks', () => {
    expect(times('0 9 * * *', 'Europe/Berlin', '2026-03-27T12:00:00Z', 3)).toEqual([
      '2026-03-28T08:00Z',
      '2026-03-29T07:00Z',
      '2026-03-30T07:00Z',
    ])
  })

  it('makes up for a time that the clocks leave out, once, on that day', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:30Z',
      '2026-03-30T00:30Z',
    ])
    // There midnight itself is left out.
    expect(times('0 0 * * *', 'America/Santiago', '2026-09-05T12:00:00Z', 2)).toEqual([
      '2026-09-06T04:00Z',
      '2026-09-07T03:00Z',
    ])
    expect(times('0 0 * * *', 'Africa/Cairo', '2026-04-23T12:00:00Z', 2)).toEqual([
      '2026-04-23T22:00Z',
      '2026-04-24T21:00Z',
    ])
  })

  it('takes a time that comes twice once, and each hour of a day that has 25', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ])
    expect(times('0 * * * *', 'Europe/Berlin', '2026-10-24T22:30:00Z', 4)).toEqual([
      '2026-10-24T23:00Z',
      '2026-10-25T00:00Z',
      '2026-10-25T01:00Z',
      '2026-10-25T02:00Z',
    ])
  })

  it('goes on by whole minutes, from whichever moment and in whichever timezone', () => {
    const field = (least: number, most: number): fc.Arbitrary<string> =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: least, max: most }).map(String),
        fc.integer({ min: 1, max: most }).map((step) => `*/${step}`),
        fc
          .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
          .map((ends) => ends.sort((left, right) => left - right).join('-')),
      )
    const day = fc.oneof(
      fc.constant('* *'),
      field(1, 28).map((dayOfMonth) => `${dayOfMonth} *`),
      field(0, 6).map((dayOfWeek) => `* ${dayOfWeek}`),
    )
    const patterns = fc
      .tuple(field(0, 59), field(0, 23), day, field(1, 12))
      .map(([minute, hour, days, month]) => `${minute} ${hour} ${days.replace(' ', ` ${month} `)}`)
    const moment = fc.integer({ min: Date.parse('2020-01-01T00:00:00Z'), max: Date.parse('2040-01-01T00:00:00Z') })
    fc.assert(
      fc.property(patterns, fc.constantFrom(...ZONES), moment, (cron, timezone, from) => {
        let before = from
        for (let count = 0; count < 4; count += 1) {
          const next = nextTime({ cron, timezone }, before)
          expect(next).toBeGreaterThan(before)
          expect(next % MINUTE_MS).toBe(0)
          before = next
        }
      }),
      { numRuns: 150 },
    )
  }, 60_000)

  it('gives each time that lies between two moments, whichever of them it is asked from', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 525_600 }), (timezone, minutes) => {
        const from = Date.parse('2026-01-01T00:00:00Z') + minutes * MINUTE_MS
        const pattern = { cron: '*/30 * * * *', timezone }
        const next = nextTime(pattern, from)
        // Half hours by the clock are half hours by the sun in each of these timezones.
        expect(next - from).toBeLessThanOrEqual(30 * MINUTE_MS)
        expect(nextTime(pattern, next - 1)).toBe(next)
      }),
      { numRuns: 100 },
    )
  }, 60_000)
})
