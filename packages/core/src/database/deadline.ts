import { GovernanceError } from '@preceptor/client'
import { systemClock } from '../kernel/clock.ts'

/** A point in time after which nobody waits any longer. */
export interface Deadline {
  readonly expired: boolean
  /** Milliseconds that are left; without end where there is no deadline. */
  readonly left: number
  /** The promise's outcome, or the deadline's error when that is later. */
  race<Result>(promise: Promise<Result>): Promise<Result>
  stop(): void
}

const exceeded = (milliseconds: number): GovernanceError =>
  new GovernanceError('DEADLINE_EXCEEDED', { message: `The database did not answer within ${milliseconds} ms.` })

/** Starts a deadline `milliseconds` from now, 0 for none; the error is `DEADLINE_EXCEEDED` unless `late` makes another. */
export function startDeadline(milliseconds: number, late: (milliseconds: number) => Error = exceeded): Deadline {
  const from = systemClock.monotonic()
  let expired = false
  let expire: (error: Error) => void = () => undefined
  const over = new Promise<never>((_resolve, reject) => {
    expire = reject
  })
  over.catch(() => undefined)
  const end = (): void => {
    expired = true
    expire(late(milliseconds))
  }
  const timer = milliseconds > 0 ? setTimeout(end, milliseconds) : undefined
  return {
    get expired() {
      return expired
    },
    get left() {
      return milliseconds > 0 ? milliseconds - (systemClock.monotonic() - from) : Number.POSITIVE_INFINITY
    },
    race: (promise) => Promise.race([promise, over]),
    stop() {
      clearTimeout(timer)
    },
  }
}

/** The promise's outcome, or the error made by `late` after so many milliseconds. */
export async function within<Result>(
  milliseconds: number,
  promise: Promise<Result>,
  late: () => Error,
): Promise<Result> {
  const deadline = startDeadline(milliseconds, late)
  try {
    return await deadline.race(promise)
  } finally {
    deadline.stop()
  }
}
