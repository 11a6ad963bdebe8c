import { GovernanceError, type QueueEntry } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize, mayRead, visibleArgs } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import type { Operation } from '../access/permissions.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { endSessionIn } from '../supervision/end-session.ts'
import { endEntry, lockEntry } from './claim-store.ts'
import { findQueueEntry } from './queue-store.ts'

/**
 * Takes back a run that waits; one that has begun is for its session to end.
 *
 * @throws GovernanceError `CONFLICT` when it does not wait any more, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`, or
 * the code of a fault.
 */
export async function cancelEntry(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<QueueEntry> {
  authorize(actor, 'queue.cancel')
  const reason = redactText(parseReason(request.reason))
  const { id } = request
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    await getEntry(tx, actor, { operation: 'queue.cancel', id })
    const { was, isCancelled } = await dropEntry(context, tx, { id, actor, reason })
    if (!isCancelled) throw notWaiting(id, was)
    return getEntry(tx, actor, { operation: 'queue.cancel', id })
  })
}

/** Cancels an entry that waits, with its journal row; says how it stood before. */
export async function dropEntry(
  context: GovernorContext,
  tx: Tx,
  { id, actor, reason }: { readonly id: string; readonly actor: Actor; readonly reason: string },
): Promise<{ readonly was: string | undefined; readonly isCancelled: boolean }> {
  const held = await lockEntry(tx, id)
  const end = { id, from: ['pending'], to: 'cancelled', reason, at: isoTime(context.clock.now()) } as const
  if (held === undefined || !(await endEntry(tx, end))) return { was: held?.state, isCancelled: false }
  const body = { actor: actorName(actor), reason }
  await context.journal.append(tx, { kind: 'queue_entry.cancelled', subject: id, agent: held.agent, body })
  const { sessionId } = held
  const why = 'The queue entry was cancelled.'
  if (sessionId !== null) await endSessionIn(context, tx, { sessionId, state: 'failed', reason: why, actor })
  return { was: held.state, isCancelled: true }
}

/**
 * An entry as an actor may see it.
 *
 * @throws GovernanceError `NOT_FOUND`, also for what the actor may not see.
 */
export async function getEntry(
  tx: Tx,
  actor: Actor,
  { operation, id }: { readonly operation: Operation; readonly id: string },
): Promise<QueueEntry> {
  const entry = await findQueueEntry(tx, id)
  if (entry === undefined || !mayRead(actor, operation, entry)) throw recordNotFound('queue entry', id)
  return { ...entry, args: visibleArgs(actor, operation, entry.args) }
}

/** What is answered about an entry that does not wait any more. */
export function notWaiting(id: string, state: string | undefined): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `The queue entry ${id} is ${state ?? 'gone'} and does not wait any more.`,
    ...(state === undefined ? {} : { details: { state } }),
  })
}
