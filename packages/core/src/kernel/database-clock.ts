import type { Clock } from './clock.ts'

/** What the database answered when it was asked for its time. */
export interface TimeReading {
  /** Milliseconds since the epoch, as the database has them. */
  readonly time: number
  /** On the monotonic clock, before the question was sent. */
  readonly askedAt: number
  /** On the monotonic clock, after the answer came. */
  readonly answeredAt: number
}

/** A clock that runs after that of the database, so that processes whose own clocks differ agree on what is over. */
export interface DatabaseClock extends Clock {
  /** Takes in a reading; until the first one the clock of the machine is the best there is. */
  follow(reading: TimeReading): void
}

/** Makes a clock that counts on from the database's time on the monotonic clock of the machine. */
export function createDatabaseClock(machine: Clock): DatabaseClock {
  let offset: number | undefined
  return {
    now: () => (offset === undefined ? machine.now() : Math.floor(offset + machine.monotonic())),
    monotonic: () => machine.monotonic(),
    follow({ time, askedAt, answeredAt }) {
      // The database read its clock somewhere between question and answer: what lies within that needs no correction.
      const [least, most] = [time - answeredAt, time - askedAt]
      offset = offset === undefined ? (least + most) / 2 : Math.min(Math.max(offset, least), most)
    },
  }
}
