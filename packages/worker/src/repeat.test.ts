import { describe, expect, it, vi } from 'vitest'
import { repeat } from './repeat.ts'

const LATER_MS = 60_000

/** Work that counts how often it was done, and may be held up. */
function countedWork(waitMs: number) {
  const work = { times: 0, hold: Promise.resolve(), wake: (): void => undefined, ended: false }
  const repetition = repeat(
    async () => {
      work.times += 1
      await work.hold
      return waitMs
    },
    (wake) => {
      work.wake = wake
      return () => {
        work.ended = true
      }
    },
  )
  return { work, repetition }
}

const until = (condition: () => void) => vi.waitFor(condition, { timeout: 5_000, interval: 5 })

describe('repeated work', () => {
  it('begins at once, and before its time where it is woken', async () => {
    const { work, repetition } = countedWork(LATER_MS)
    await until(() => expect(work.times).toBe(1))
    work.wake()
    await until(() => expect(work.times).toBe(2))
    await repetition.close()
  })

  it('looks again where it was woken while it ran, and once however often', async () => {
    let free = (): void => undefined
    const { work, repetition } = countedWork(LATER_MS)
    await until(() => expect(work.times).toBe(1))
    work.hold = new Promise<void>((resolve) => {
      free = resolve
    })
    work.wake()
    await until(() => expect(work.times).toBe(2))
    for (let ring = 0; ring < 5; ring += 1) work.wake()
    work.hold = Promise.resolve()
    free()
    await until(() => expect(work.times).toBe(3))
    await repetition.close()
    expect(work.times).toBe(3)
  })

  it('begins nothing more once it is closed, and hears of nothing', async () => {
    const { work, repetition } = countedWork(0)
    await until(() => expect(work.times).toBeGreaterThan(2))
    await repetition.close()
    const { times } = work
    work.wake()
    await new Promise((resolve) => setImmediate(resolve))
    expect(work).toMatchObject({ times, ended: true })
  })
})
