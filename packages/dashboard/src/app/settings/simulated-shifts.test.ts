import { describe, expect, it } from 'vitest'
import { inReadingOrder, wayOf } from './simulated-shifts.ts'

describe('shifts of a simulation', () => {
  it('are looser where less of a look is taken, stricter where more is', () => {
    expect(wayOf({ before: 'proposal', after: 'execution' })).toBe('looser')
    expect(wayOf({ before: 'denied', after: 'training' })).toBe('looser')
    expect(wayOf({ before: 'execution', after: 'supervision' })).toBe('stricter')
    expect(wayOf({ before: 'training', after: 'denied' })).toBe('stricter')
    expect(wayOf({ before: 'proposal', after: 'proposal' })).toBe('same')
  })

  it('stand with what is looser first, and the most frequent before the rest', () => {
    const shifts = [
      { before: 'execution', after: 'execution', count: 40 },
      { before: 'execution', after: 'denied', count: 2 },
      { before: 'proposal', after: 'execution', count: 1 },
      { before: 'execution', after: 'proposal', count: 9 },
    ] as const
    expect(inReadingOrder(shifts).map(({ count }) => count)).toEqual([1, 9, 2, 40])
  })
})
