import { describe, expect, it } from 'vitest'
import type { GovernorContext } from '../context.ts'
import { inTime, timeLeft, transactionTime } from './time-left.ts'

const contextAt = (monotonic: number): GovernorContext =>
  ({ settings: { deadlineMs: 2_000 }, clock: { now: () => 0, monotonic: () => monotonic } }) as GovernorContext

describe('the time of an attempt [I-1]', () => {
  it.each<[at: number, left: number]>([
    [100, 2_000],
    [600, 1_500],
    [2_099, 1],
    [2_100, 1],
    [9_000, 1],
    // A clock that went back gives no more than there was.
    [50, 2_000],
  ])('at %i ms: %i ms are left', (at, left) => {
    expect(timeLeft(contextAt(at), { startedAt: 100 })).toBe(left)
    expect(transactionTime(contextAt(at), { startedAt: 100 })).toBeCloseTo(left * 0.95, 9)
  })

  it('ends a part that takes longer than the whole may', async () => {
    await expect(inTime(contextAt(2_090), { startedAt: 100 }, new Promise(() => undefined))).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
    await expect(inTime(contextAt(100), { startedAt: 100 }, Promise.resolve(7))).resolves.toBe(7)
  })
})
