import type { JournalEntry, QueueEntry, QueueState } from '../resources/records.ts'
import type { ControlScope } from './control-plane.ts'
import { type FollowedEnds, type FollowOptions, followEnds } from './follow-ends.ts'

/** States in which nothing more happens to a queue entry by itself. */
export type SettledQueueState = Exclude<QueueState, 'pending' | 'executing'>

/** Handles one queue entry; the next one waits for it. */
export type QueueSettledHandler = (entry: QueueEntry, at: { readonly position: number }) => void | Promise<void>

const STATES: ReadonlyMap<string, SettledQueueState> = new Map([
  ['queue_entry.completed', 'completed'],
  ['queue_entry.failed', 'failed'],
  ['queue_entry.cancelled', 'cancelled'],
  ['queue_entry.expired', 'expired'],
  ['queue_entry.outcome_unknown', 'outcome_unknown'],
])

/**
 * Calls a handler for each queue entry that settles, in order, after its end was committed: it ran, or it never will. It is
 * what `onSettled` is for proposals: nothing that settles after the call has returned is missed, and who keeps the position
 * goes on after a restart, where the last one may be told again. An entry whose outcome was unknown is told again when the
 * outcome is found out.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 * @example
 * ```ts
 * import { type ControlScope, onQueueSettled } from '@preceptor/client'
 *
 * export async function tell(scope: ControlScope, after: number, signal: AbortSignal): Promise<number> {
 *   const settled = await onQueueSettled(scope, ({ id, state }) => console.log(`${id} ${state}`), { after, signal })
 *   await settled.ended
 *   return settled.position
 * }
 * ```
 */
export function onQueueSettled(
  scope: Pick<ControlScope, 'events' | 'queue'>,
  handler: QueueSettledHandler,
  options: FollowOptions = {},
): Promise<FollowedEnds> {
  const follower = {
    isEnd: (kind: string) => STATES.has(kind) || kind === 'queue_entry.resolved',
    read: (id: string) => scope.queue.get(id),
    isStill: ({ state }: QueueEntry, event: JournalEntry) => state === stateAfter(event),
    handle: handler,
  }
  return followEnds(scope, follower, options)
}

/** The state that an event led to. */
function stateAfter({ kind, body }: JournalEntry): SettledQueueState | undefined {
  if (kind !== 'queue_entry.resolved') return STATES.get(kind)
  return body.outcome === 'succeeded' ? 'completed' : 'failed'
}
