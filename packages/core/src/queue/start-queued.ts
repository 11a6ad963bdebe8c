import { GovernanceError } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { QueuedStart } from '../routing/consequences.ts'
import { endSessionIn } from '../supervision/end-session.ts'
import { lockEntry, startEntry } from './claim-store.ts'
import { MOST_ATTEMPTS } from './offer-store.ts'
import { putBack } from './put-back.ts'

/** Holds an entry until the transaction ends; whether its run may be claimed now. */
export async function holdQueued(context: GovernorContext, tx: Tx, id: string): Promise<boolean> {
  const entry = await lockEntry(tx, id)
  if (entry === undefined || entry.state !== 'pending' || entry.attempt >= MOST_ATTEMPTS) return false
  return Date.parse(entry.expiresAt) > context.clock.now()
}

/** Ends an entry whose run those who watch did not let begin. */
export async function dropQueued(
  context: GovernorContext,
  tx: Tx,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<void> {
  const entry = await lockEntry(tx, id)
  if (entry !== undefined)
    await putBack(context, tx, { id, agent: entry.agent, sessionId: null, reason, forGood: true })
}

/**
 * Notes that the run of a held entry was claimed, with its journal row, and ends a session that was offered for it and is
 * not that of the run.
 *
 * @throws GovernanceError `CONFLICT` when it may not run.
 */
export async function startQueued(context: GovernorContext, tx: Tx, start: QueuedStart): Promise<void> {
  const { id, sessionId, claim, attempt } = start
  const at = isoTime(context.clock.now())
  const offered = (await lockEntry(tx, id))?.sessionId ?? null
  const started = await startEntry(tx, { id, sessionId, at })
  if (started === undefined) throw new GovernanceError('CONFLICT', { message: `The queue entry ${id} may not run.` })
  await context.journal.append(tx, {
    kind: 'queue_entry.started',
    subject: id,
    agent: attempt.trigger.agent,
    body: {
      actor: actorName(attempt.actor),
      attempt: started.attempt,
      fence: started.fence,
      sessionId,
      executionId: claim.executionId,
      decisionId: attempt.decisionId,
    },
  })
  if (offered === null || offered === sessionId) return
  const reason = 'The run began under another session.'
  await endSessionIn(context, tx, { sessionId: offered, state: 'completed', reason, actor: 'system:supervision' })
}
