import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

describe('how long a server asks to wait', () => {
  it.each([
    ['seconds', { 'retry-after': ' 120 ' }, 120_000],
    ['none at all', { 'retry-after': '0' }, 0],
    ['a date', { 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' }, 30_000],
    [
      'a date by its own clock',
      { 'retry-after': 'Sun, 01 Mar 2026 13:00:30 GMT', date: 'Sun, 01 Mar 2026 13:00:00 GMT' },
      30_000,
    ],
    ['a date that is over', { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
    ['nothing', {}, undefined],
    ['words', { 'retry-after': 'soon' }, undefined],
    ['a number below zero', { 'retry-after': '-x5' }, undefined],
  ])('is read where it is %s', (_, headers, wait) => {
    expect(retryAfterMs(headers, NOW)).toBe(wait)
  })

  it('is never below zero and never no number, whatever the header says', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (retryAfter, date) => {
        const wait = retryAfterMs({ 'retry-after': retryAfter, date }, NOW)
        expect(wait === undefined || wait >= 0).toBe(true)
      }),
    )
  })
})
