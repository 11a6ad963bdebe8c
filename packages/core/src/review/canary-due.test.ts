import { describe, expect, it } from 'vitest'
import { isCanaryDue, isCanaryOverdue, type Tested } from './canary-due.ts'

const HOUR_MS = 3_600_000
const NOW = Date.parse('2026-03-01T12:00:00Z')
const ago = (milliseconds: number): string => new Date(NOW - milliseconds).toISOString()

describe('a test of a reviewer', () => {
  const tested = (more: Partial<Tested> = {}): Tested => ({
    ...{ by: 'model:x', caught: 3, lastCanaryAt: ago(HOUR_MS), sinceCanary: 0, atCanaries: 0 },
    ...more,
  })
  const isOverdue = (more: Partial<Tested>): boolean => isCanaryOverdue(tested(more), { now: NOW, atOnce: 5 })

  it('is due first, once a day and once in twenty reviews, one at a time, and never for rules [REVIEW-5, I-28]', () => {
    expect(isCanaryDue(tested(), NOW)).toBe(false)
    expect(isCanaryDue(tested({ sinceCanary: 19 }), NOW)).toBe(false)
    for (const more of [
      { caught: 2 },
      { lastCanaryAt: null },
      { lastCanaryAt: ago(24 * HOUR_MS) },
      { sinceCanary: 20 },
    ]) {
      expect(isCanaryDue(tested(more), NOW)).toBe(true)
      expect(isCanaryDue(tested({ ...more, atCanaries: 1 }), NOW)).toBe(false)
      expect(isCanaryDue(tested({ ...more, by: 'rules' }), NOW)).toBe(false)
    }
  })

  it('that is not answered takes from what it approves after a while [REVIEW-5, I-28]', () => {
    expect(isOverdue({ sinceCanary: 25, lastCanaryAt: ago(24 * HOUR_MS) })).toBe(false)
    for (const more of [{ sinceCanary: 26 }, { lastCanaryAt: ago(25 * HOUR_MS) }, { lastCanaryAt: null }]) {
      expect(isOverdue(more)).toBe(true)
      expect(isOverdue({ ...more, by: 'rules' })).toBe(false)
    }
  })
})
