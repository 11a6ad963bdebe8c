import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { analysisOf, bucketsOf, periodBefore } from './analysis.ts'

const NOW = Date.UTC(2026, 4, 4, 12, 30)
const clock = { now: () => NOW, monotonic: () => 0 }
const viewer: Actor = {
  workspace: 'default',
  principal: { kind: 'user', id: 'vic', roles: ['viewer'] },
  source: 'manual',
}
const service = (...agents: string[]): Actor => ({
  ...viewer,
  principal: { kind: 'service', id: 'sync', roles: [], scopes: ['analytics.summary'], agents },
})
const ask = (query: object, actor = viewer) => analysisOf({ clock }, actor, { operation: 'analytics.summary', query })
const day = (count: number): string => new Date(NOW + count * 86_400_000).toISOString()

describe('the range of an analysis', () => {
  it('is the last 30 days unless given, and has hours up to 3 days [ANL-1]', () => {
    expect(ask({}).range).toEqual({ from: day(-30), to: day(0), bucket: 'day' })
    expect(ask({ to: day(-10) }).range).toEqual({ from: day(-40), to: day(-10), bucket: 'day' })
    expect(ask({ from: day(-3) }).range.bucket).toBe('hour')
    expect(ask({ from: '2026-05-04T14:30:00+03:00' }).range.from).toBe('2026-05-04T11:30:00.000Z')
    expect(ask({ from: day(-366) }).range.from).toBe(day(-366))
  })

  it.each([
    ['no time', { from: 'yesterday' }],
    ['an end before its begin', { from: day(0), to: day(-1) }],
    ['nothing at all', { from: day(0), to: day(0) }],
    ['more than 366 days', { from: day(-367) }],
    ['what nobody can have done', { from: '1999-12-31T00:00:00Z', to: '2000-02-01T00:00:00Z' }],
    ['an unknown filter', { agents: ['bot'] }],
    ['an agent without a name', { agent: '' }],
  ])('is refused for %s [ANL-1]', (_, query) => {
    expect(() => ask(query)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })

  it('shows a service its own agents only, and an agent nothing [ANL-1, AUTH-6]', () => {
    expect(ask({}, service('bot')).only).toEqual(['bot'])
    expect(() => ask({ agent: 'other' }, service('bot'))).toThrow(
      expect.objectContaining({ code: 'PERMISSION_DENIED' }),
    )
    const agent: Actor = { ...viewer, principal: { kind: 'agent', id: 'bot', roles: [] } }
    expect(() => ask({}, agent)).toThrow(expect.objectContaining({ code: 'PERMISSION_DENIED' }))
  })

  it('is covered by its buckets without a gap, and follows the period before [ANL-1]', () => {
    const minutes = fc.integer({ min: 1, max: 366 * 1_440 })
    fc.assert(
      fc.property(minutes, minutes, (back, length) => {
        const to = new Date(NOW - back * 60_000).toISOString()
        const from = new Date(NOW - (back + length) * 60_000).toISOString()
        const analysis = ask({ from, to })
        const begins = bucketsOf(analysis.range)
        const width = analysis.range.bucket === 'hour' ? 3_600_000 : 86_400_000
        const times = begins.map((at) => Date.parse(at))
        expect(times.every((time) => time % width === 0)).toBe(true)
        expect(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === width)).toBe(true)
        const [first = 0] = times
        const last = times.at(-1) ?? 0
        expect(first <= Date.parse(from) && Date.parse(from) < first + width).toBe(true)
        expect(last < Date.parse(to) && Date.parse(to) <= last + width).toBe(true)
        const before = periodBefore(analysis).range
        expect(before.to).toBe(from)
        expect(Date.parse(before.to) - Date.parse(before.from)).toBe(length * 60_000)
      }),
    )
  })
})
