import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { endSessionIn } from '../supervision/end-session.ts'
import { expireDueEntries } from './claim-store.ts'

const BATCH = 100
const ACTOR = 'system:jobs'

/** Ends the queue entries of a workspace that waited too long for a supervisor, batch by batch; gives how many. */
export async function expireEntries(context: GovernorContext, workspace: string): Promise<number> {
  let total = 0
  for (;;) {
    const expired = await inWorkspace(context.database, { workspace }, async (tx) => {
      const entries = await expireDueEntries(tx, { at: isoTime(context.clock.now()), limit: BATCH })
      for (const { id, agent, action, decisionId, sessionId } of entries) {
        const body = { actor: ACTOR, action, decisionId, was: 'pending' }
        await context.journal.append(tx, { kind: 'queue_entry.expired', subject: id, agent, body })
        const reason = 'The queue entry expired.'
        const end = { state: 'failed', reason, actor: 'system:supervision' } as const
        if (sessionId !== null) await endSessionIn(context, tx, { sessionId, ...end })
      }
      return entries.length
    })
    total += expired
    if (expired < BATCH) return total
  }
}

/**
 * The same, now, for who asks for it.
 *
 * @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault.
 */
export async function expireQueueNow(context: GovernorContext, actor: Actor): Promise<{ readonly expired: number }> {
  authorize(actor, 'queue.expire')
  return { expired: await expireEntries(context, actor.workspace) }
}
