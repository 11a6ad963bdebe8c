import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withDeadline } from './deadline.ts'

const LATE = expect.objectContaining({ code: 'DEADLINE_EXCEEDED' })
const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)

beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', note)
})

afterEach(async () => {
  await sleep(5)
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

/** A promise that is settled by hand. */
function pending<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}

describe('deadline', () => {
  it('hands on the value, or the error as it is', async () => {
    const error = new Error('no')
    await expect(withDeadline(Promise.resolve(7), { milliseconds: 1_000 })).resolves.toBe(7)
    await expect(withDeadline(Promise.reject(error), { milliseconds: 1_000 })).rejects.toBe(error)
  })

  it('leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const waiting = pending<void>()
      const limited = withDeadline(waiting.promise, { milliseconds: 60_000 })
      expect(vi.getTimerCount()).toBe(1)
      waiting.resolve()
      await limited
      await withDeadline(Promise.reject(new Error('no')), { milliseconds: 60_000 }).catch(() => undefined)
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('is exceeded by work that goes on', async () => {
    const work = pending<number>()
    await expect(withDeadline(work.promise, { milliseconds: 5 })).rejects.toEqual(LATE)
    work.resolve(1)
  })

  it('gives a late value to the one who cleans up, once', async () => {
    const work = pending<number>()
    const given = pending<number>()
    const limited = withDeadline(work.promise, { milliseconds: 5, onLate: given.resolve })
    await expect(limited).rejects.toEqual(LATE)
    work.resolve(42)
    await expect(given.promise).resolves.toBe(42)
  })

  it('gives nothing to clean up when the value comes in time', async () => {
    const late: number[] = []
    const limited = withDeadline(Promise.resolve(1), { milliseconds: 20, onLate: (value) => late.push(value) })
    await expect(limited).resolves.toBe(1)
    await sleep(40)
    expect(late).toEqual([])
  })

  it('swallows a late rejection and the errors of the clean-up', async () => {
    const failing = pending<number>()
    const throwing = pending<number>()
    const rejecting = pending<number>()
    const all = [
      withDeadline(failing.promise, { milliseconds: 5 }),
      withDeadline(throwing.promise, {
        milliseconds: 5,
        onLate: () => {
          throw new Error('clean-up')
        },
      }),
      withDeadline(rejecting.promise, { milliseconds: 5, onLate: () => Promise.reject(new Error('clean-up')) }),
    ]
    const settled = await Promise.allSettled(all)
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    failing.reject(new Error('late'))
    throwing.resolve(1)
    rejecting.resolve(1)
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    'refuses %s ms, and leaves the work handled',
    async (milliseconds) => {
      const failing = Promise.reject(new Error('no'))
      await expect(withDeadline(failing, { milliseconds })).rejects.toEqual(
        expect.objectContaining({ code: 'OPTION_INVALID' }),
      )
    },
  )
})
