import {
  GovernanceError,
  type Page,
  type PageQuery,
  QUEUE_STATES,
  type QueueEntry,
  type QueueStats,
} from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { agentFilter, authorize, visibleArgs } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { decodeCursor, pageOf, parseLimit } from '../kernel/pagination.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { countQueue, listWaiting, type WaitingPlace } from './queue-store.ts'

/** @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault. */
export async function readQueueStats(context: GovernorContext, actor: Actor): Promise<QueueStats> {
  authorize(actor, 'queue.stats')
  const { states, ...rest } = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    countQueue(tx, isoTime(context.clock.now())),
  )
  const counts = new Map(states.map(({ state, count }) => [state, Number(count)]))
  const counted = Object.fromEntries(QUEUE_STATES.map((state) => [state, counts.get(state) ?? 0]))
  return { states: counted as QueueStats['states'], ...rest }
}

/**
 * Reads what waits and a user may watch, in the order in which it is offered.
 *
 * @throws GovernanceError `PERMISSION_DENIED`, `INPUT_INVALID`, or the code of a fault.
 */
export async function readWaiting(
  context: GovernorContext,
  actor: Actor,
  { userId, ...query }: PageQuery & { readonly userId: string },
): Promise<Page<QueueEntry>> {
  authorize(actor, 'queue.waiting')
  const limit = parseLimit(query.limit)
  const after = placeOf(query.cursor)
  const entries = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const { separationOfDuties = true } = await newestPolicyDocument(tx)
    const at = isoTime(context.clock.now())
    return listWaiting(tx, { userId, separationOfDuties, only: agentFilter(actor), at, after, limit })
  })
  const shown = entries.map((entry) => ({ ...entry, args: visibleArgs(actor, 'queue.waiting', entry.args) }))
  return pageOf(shown, limit, ({ priority, createdAt, id }) => [priority, createdAt, id])
}

function placeOf(cursor: string | undefined): WaitingPlace | null {
  if (cursor === undefined) return null
  const [priority, at, id, ...rest] = decodeCursor(cursor)
  const isPlace = typeof priority === 'number' && Number.isInteger(priority) && typeof at === 'string'
  if (isPlace && !Number.isNaN(Date.parse(at)) && typeof id === 'string' && rest.length === 0)
    return { priority, at, id }
  throw new GovernanceError('INPUT_INVALID', { message: 'cursor: not a cursor of this list.' })
}
