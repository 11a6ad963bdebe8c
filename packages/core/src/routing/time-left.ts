import type { GovernorContext } from '../context.ts'
import { withDeadline } from '../kernel/deadline.ts'
import type { Attempt } from './attempt.ts'

/** Milliseconds of the one deadline of an attempt that are left; at least 1, which is as good as none. */
export function timeLeft({ settings, clock }: GovernorContext, { startedAt }: Pick<Attempt, 'startedAt'>): number {
  return Math.min(Math.max(settings.deadlineMs - (clock.monotonic() - startedAt), 1), settings.deadlineMs)
}

// The database gives up a little before the caller does: what is denied then does not come through after all.
const SHARE_OF_DATABASE = 0.95

/** Milliseconds that a transaction of an attempt may take. */
export function transactionTime(context: GovernorContext, attempt: Pick<Attempt, 'startedAt'>): number {
  return timeLeft(context, attempt) * SHARE_OF_DATABASE
}

/**
 * Waits for a part of a decision for as long as the whole of it may last.
 *
 * @throws GovernanceError `DEADLINE_EXCEEDED`.
 */
export function inTime<T>(context: GovernorContext, attempt: Pick<Attempt, 'startedAt'>, work: Promise<T>): Promise<T> {
  return withDeadline(work, { milliseconds: timeLeft(context, attempt) })
}
