import { GovernanceError } from '@preceptor/client'

/** A point in time after which nobody waits any longer. */
export interface Deadline {
  readonly expired: boolean
  /** The promise's outcome, or `DEADLINE_EXCEEDED` when that is later than the deadline. */
  race<Result>(promise: Promise<Result>): Promise<Result>
  stop(): void
}

/** Starts a deadline; `milliseconds` from now, 0 for none. */
export function startDeadline(milliseconds: number): Deadline {
  let expired = false
  let expire: (error: Error) => void = () => undefined
  const late = new Promise<never>((_resolve, reject) => {
    expire = reject
  })
  late.catch(() => undefined)
  const end = (): void => {
    expired = true
    expire(new GovernanceError('DEADLINE_EXCEEDED', { message: `The database did not answer within ${milliseconds} ms.` }))
  }
  const timer = milliseconds > 0 ? setTimeout(end, milliseconds) : undefined
  return {
    get expired() {
      return expired
    },
    race: (promise) => Promise.race([promise, late]),
    stop() {
      clearTimeout(timer)
    },
  }
}
