import type { Clock } from '../../kernel/clock.ts'
import { withDeadline } from '../../kernel/deadline.ts'
import type { CountedKey, LimitCounter, Reservation } from './limit-counter.ts'

/** A counter that answers in time: undefined while the store is away, when each process counts for itself. */
export interface InsuredCounter {
  reserve(key: CountedKey, points: number): Promise<Reservation | undefined>
}

/** How a counter is insured; times in milliseconds. */
export interface InsuranceOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly deadlineMs: number
  /** Told when the store went away. */
  readonly onAway: (error: unknown) => void
}

const LOOK_AGAIN_MS = 1_000

/** Insures a counter: nobody waits for a store that did not answer, until it does again. */
export function insure(counter: LimitCounter, { clock, deadlineMs, onAway }: InsuranceOptions): InsuredCounter {
  let lookAgainAt: number | undefined

  const ask = (key: CountedKey, points: number): Promise<Reservation> =>
    withDeadline(counter.reserve(key, points), { milliseconds: deadlineMs })

  async function look(key: CountedKey): Promise<void> {
    try {
      await ask(key, 0)
      lookAgainAt = undefined
    } catch {
      // Still away.
    }
  }

  return {
    async reserve(key, points) {
      if (lookAgainAt === undefined) {
        try {
          return await ask(key, points)
        } catch (error) {
          if (lookAgainAt === undefined) onAway(error)
          lookAgainAt = clock.monotonic() + LOOK_AGAIN_MS
          return undefined
        }
      }
      if (clock.monotonic() >= lookAgainAt) {
        lookAgainAt = clock.monotonic() + LOOK_AGAIN_MS
        void look(key)
      }
      return undefined
    },
  }
}
