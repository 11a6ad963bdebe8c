import { GovernanceError } from '@preceptor/client'

/** How long to wait, and what to do with what comes too late. */
export interface DeadlineOptions<T> {
  readonly milliseconds: number
  /**
   * Given a value that came after the deadline, to give back what it holds. An error in it, or in a promise that it
   * returns, is ignored: nobody waits for it any more.
   */
  readonly onLate?: (value: T) => unknown
}

const LONGEST = 2_147_483_647

/**
 * Waits for a promise, but not longer than the deadline. The work goes on after it; what it throws then is ignored.
 *
 * @throws GovernanceError `DEADLINE_EXCEEDED` past the deadline, `OPTION_INVALID` for a time that no timer can take, or
 * what the promise is rejected with.
 */
export function withDeadline<T>(promise: Promise<T>, { milliseconds, onLate }: DeadlineOptions<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let isLate = false
    let timer: NodeJS.Timeout | undefined
    promise.then(
      (value) => {
        clearTimeout(timer)
        if (isLate) void give(value, onLate)
        else resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
    timer = setTimeout(expire, bounded(milliseconds))
    timer.unref()

    function expire(): void {
      isLate = true
      reject(new GovernanceError('DEADLINE_EXCEEDED', { message: `No answer came within ${milliseconds} ms.` }))
    }
  })
}

async function give<T>(value: T, onLate: ((value: T) => unknown) | undefined): Promise<void> {
  try {
    await onLate?.(value)
  } catch {
    // The caller has been told already that the deadline passed.
  }
}

function bounded(milliseconds: number): number {
  if (milliseconds > 0 && milliseconds <= LONGEST) return milliseconds
  // A timer would take any other number for 1 ms.
  throw new GovernanceError('OPTION_INVALID', { message: `A deadline of ${milliseconds} ms cannot be kept.` })
}
