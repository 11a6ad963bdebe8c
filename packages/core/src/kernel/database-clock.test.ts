import { describe, expect, it } from 'vitest'
import { createDatabaseClock } from './database-clock.ts'

function machine(start: number) {
  let elapsed = 0
  return {
    now: () => start + elapsed,
    monotonic: () => 5_000 + elapsed,
    pass: (milliseconds: number) => {
      elapsed += milliseconds
    },
  }
}

describe('a clock that follows the database', () => {
  it('is that of the machine until the database has answered', () => {
    const own = machine(1_000)
    expect(createDatabaseClock(own).now()).toBe(1_000)
  })

  it('agrees with another one whose machine is an hour ahead', () => {
    const machines = [machine(1_000_000), machine(4_600_000)]
    const times = machines.map((own) => {
      const clock = createDatabaseClock(own)
      clock.follow({ time: 900_000, askedAt: 5_000, answeredAt: 5_000 })
      own.pass(250)
      return clock.now()
    })
    expect(times).toEqual([900_250, 900_250])
  })

  it('stands still on answers that came slowly, and follows one that rules its time out', () => {
    const own = machine(0)
    const clock = createDatabaseClock(own)
    clock.follow({ time: 100_000, askedAt: 5_000, answeredAt: 5_000 })
    clock.follow({ time: 100_400, askedAt: 5_000, answeredAt: 5_500 })
    expect(clock.now()).toBe(100_000)
    clock.follow({ time: 160_000, askedAt: 5_000, answeredAt: 5_010 })
    expect(clock.now()).toBe(159_990)
  })
})
