import type { GovernanceError } from '../errors/governance-error.ts'

// After the abort: long enough for a call that listens to its signal, short for one that does not.
const AFTER_ABORT_MS = 1_000

/** The guarded calls that run in this process, so that closing can wait for them and abort them. */
export interface RunningCalls {
  add(): { readonly controller: AbortController; remove(): void }
  /**
   * Waits until the running calls have ended, aborts those that last longer than the grace, and then leaves them: a call
   * that ignores its signal must not keep the process from closing.
   */
  drain(graceMs: number, reason: GovernanceError): Promise<void>
}

/** Makes an empty register. */
export function createRunningCalls(): RunningCalls {
  const calls = new Set<AbortController>()
  const waiting = new Set<() => void>()
  let refusal: GovernanceError | undefined

  function endWithin(milliseconds: number): Promise<boolean> {
    if (calls.size === 0) return Promise.resolve(true)
    return new Promise((resolve) => {
      const ended = (): void => {
        clearTimeout(late)
        resolve(true)
      }
      const late = setTimeout(() => {
        waiting.delete(ended)
        resolve(false)
      }, milliseconds)
      waiting.add(ended)
    })
  }

  return {
    add() {
      const controller = new AbortController()
      if (refusal !== undefined) controller.abort(refusal)
      calls.add(controller)
      return {
        controller,
        remove() {
          calls.delete(controller)
          if (calls.size > 0) return
          for (const end of waiting) end()
          waiting.clear()
        },
      }
    },
    async drain(graceMs, reason) {
      const ended = await endWithin(graceMs)
      // What was decided just before the end and has not begun must not begin after it.
      refusal = reason
      if (ended) return
      for (const controller of calls) controller.abort(reason)
      await endWithin(AFTER_ABORT_MS)
    },
  }
}
