import type { Page, PageQuery } from '../resources/page.ts'
import type { QueueEntry, QueuePriority, QueueResolution, QueueStats } from '../resources/records.ts'
import type { Listing } from './listing.ts'

/** The supervised queue: runs that wait until somebody can watch them. */
export interface QueueOperations extends Listing<QueueEntry> {
  /**
   * What waits and a user may watch, in the order in which it is offered: by priority, then by age.
   *
   * @throws GovernanceError `PERMISSION_DENIED`, `INPUT_INVALID`.
   */
  waitingFor(userId: string, query?: PageQuery): Promise<Page<QueueEntry>>
  /** How many entries are in each state, and since when the oldest waits. @throws GovernanceError `PERMISSION_DENIED`. */
  stats(): Promise<QueueStats>
  /** Takes back what has not begun. @throws GovernanceError `CONFLICT`, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`. */
  cancel(id: string, reason: string): Promise<QueueEntry>
  /**
   * Moves what waits forward or back: entries are offered by priority, then by age.
   *
   * @throws GovernanceError `CONFLICT` when it does not wait any more, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`.
   */
  prioritize(id: string, request: QueuePriority): Promise<QueueEntry>
  /**
   * Asks supervisors who are online to watch what waits and the governor's own process can run; workers do so by
   * themselves. Gives how many runs.
   *
   * @throws GovernanceError `PERMISSION_DENIED`.
   */
  process(): Promise<{ readonly offered: number }>
  /** Ends what waited too long, now instead of with the next job. @throws GovernanceError `PERMISSION_DENIED`. */
  expire(): Promise<{ readonly expired: number }>
  /** Says what came of a run whose outcome is unknown. @throws GovernanceError `CONFLICT`, `PERMISSION_DENIED`, `NOT_FOUND`. */
  resolve(id: string, resolution: QueueResolution): Promise<QueueEntry>
}
