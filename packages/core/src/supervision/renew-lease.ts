import { GovernanceError } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { assertNotInvolved } from './held-session.ts'
import { extendLease, findSession } from './store.ts'

/**
 * Renews the lease of the caller on a session for as long as a connection shows that the caller is there. It is no act of a
 * person: a lease that has lapsed stays so, and is taken anew by attaching.
 *
 * @throws GovernanceError `CONFLICT` when the caller does not hold the session under a live lease, `NOT_FOUND`,
 * `PERMISSION_DENIED`, or the code of a fault.
 */
export async function renewLease(
  context: GovernorContext,
  actor: Actor,
  id: string,
): Promise<{ readonly leaseExpiresAt: string }> {
  authorize(actor, 'sessions.attach')
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const session = await findSession(tx, id)
    if (session === undefined) throw recordNotFound('supervision session', id)
    await assertNotInvolved(tx, actor, session.agent)
    const now = context.clock.now()
    const leaseExpiresAt = isoTime(now + context.settings.supervisorLeaseMs)
    const lease = { supervisor: actor.principal.id, at: isoTime(now), leaseExpiresAt }
    if (await extendLease(tx, id, lease)) return { leaseExpiresAt }
    throw new GovernanceError('CONFLICT', {
      message: `You do not hold the session ${id} under a live lease.`,
      hint: 'Attach to it, and then watch it.',
      details: { state: session.state, supervisor: session.supervisorId },
    })
  })
}
