import type { QueueEntry, QueuePriority } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { parseReason } from '../access/parse-reason.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { getEntry, notWaiting } from './cancel-entry.ts'
import { lockEntry, setPriority } from './claim-store.ts'

const input = z.strictObject({ priority: z.int().min(0).max(9), reason: z.unknown() })

/**
 * Moves a run that waits forward or back.
 *
 * @throws GovernanceError `CONFLICT` when it does not wait any more, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`, or
 * the code of a fault.
 */
export async function prioritizeEntry(
  context: GovernorContext,
  actor: Actor,
  { id, request }: { readonly id: string; readonly request: QueuePriority },
): Promise<QueueEntry> {
  authorize(actor, 'queue.prioritize')
  const { priority, reason } = parseInput(input, request, 'priority')
  const said = redactText(parseReason(reason))
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const before = await getEntry(tx, actor, { operation: 'queue.prioritize', id })
    const held = await lockEntry(tx, id)
    const at = isoTime(context.clock.now())
    if (held === undefined || !(await setPriority(tx, { id, priority, at }))) throw notWaiting(id, held?.state)
    const body = { actor: actorName(actor), reason: said, from: before.priority, to: priority }
    await context.journal.append(tx, { kind: 'queue_entry.prioritized', subject: id, agent: held.agent, body })
    return getEntry(tx, actor, { operation: 'queue.prioritize', id })
  })
}
