import { describe, expect, it } from 'vitest'
import { isoTime, systemClock } from './clock.ts'

describe('clock', () => {
  it('reads the time of the machine and a time that never goes back', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000)
    let before = systemClock.monotonic()
    for (let read = 0; read < 1_000; read += 1) {
      const after = systemClock.monotonic()
      expect(after).toBeGreaterThanOrEqual(before)
      before = after
    }
  })

  it('writes times as ISO 8601 in UTC', () => {
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z')
    expect(isoTime(1_767_609_000_123)).toBe('2026-01-05T10:30:00.123Z')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1])('refuses %s, which is no time', (time) => {
    expect(() => isoTime(time)).toThrow(expect.objectContaining({ code: 'FACT_INVALID' }))
  })
})
