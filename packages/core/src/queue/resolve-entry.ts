import { GovernanceError, type QueueEntry, type QueueResolution } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { hasHadHandIn } from '../agents/store.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { resolveExecution } from '../executions/store.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { reviewReason } from '../proposals/review-schemas.ts'
import { getEntry } from './cancel-entry.ts'
import { endEntry, type HeldEntry, lockEntry } from './claim-store.ts'

const input = z.strictObject({ outcome: z.enum(['succeeded', 'failed']), reason: reviewReason })

/**
 * Records what a person found out about a queued run whose outcome is unknown; nothing runs. Who asked for it, or has had a
 * hand in the agent, does not say what came of it.
 *
 * @throws GovernanceError `CONFLICT` when the outcome is known, `PERMISSION_DENIED`, `NOT_FOUND`, `INPUT_INVALID`, or
 * the code of a fault.
 */
export async function resolveEntry(
  context: GovernorContext,
  actor: Actor,
  { id, resolution }: { readonly id: string; readonly resolution: QueueResolution },
): Promise<QueueEntry> {
  authorize(actor, 'queue.resolve')
  const { outcome, reason } = parseInput(input, resolution, 'resolution')
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const held = await lockEntry(tx, id)
    if (held === undefined) throw recordNotFound('queue entry', id)
    await assertNotInvolved(tx, actor, held)
    const at = isoTime(context.clock.now())
    const to = outcome === 'succeeded' ? 'completed' : 'failed'
    const text = redactText(reason)
    const moved = await endEntry(tx, { id, from: ['outcome_unknown'], to, reason: text, at })
    if (!moved || (await resolveExecution(tx, { of: { queueEntryId: id }, outcome, reason: text, at })) === undefined) {
      throw new GovernanceError('CONFLICT', {
        message: `The queue entry ${id} is ${held.state}: there is nothing to find out.`,
        details: { state: held.state },
      })
    }
    const body = { actor: actorName(actor), outcome, reason: text }
    await context.journal.append(tx, { kind: 'queue_entry.resolved', subject: id, agent: held.agent, body })
    return getEntry(tx, actor, { operation: 'queue.resolve', id })
  })
}

async function assertNotInvolved(tx: Tx, actor: Actor, { agent, askedBy, risk }: HeldEntry): Promise<void> {
  if ((await newestPolicyDocument(tx)).separationOfDuties === false && risk !== 'critical') return
  const isOwner = await hasHadHandIn(tx, agent, actor.principal.id)
  if (!isOwner && askedBy !== actorName(actor)) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: `${actorName(actor)} ${isOwner ? 'owns the agent, has owned it or has handed it over' : 'asked for the action'} and cannot say what came of it.`,
    hint: 'Let somebody else decide.',
  })
}
