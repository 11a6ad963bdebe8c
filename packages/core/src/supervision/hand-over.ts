import { GovernanceError, type SupervisionSession } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { findMember } from '../access/store.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { assertGoesOn, assertHolder, getHeldSession } from './held-session.ts'
import { offerSession } from './store.ts'
import { tellSession } from './tell-session.ts'

/**
 * Lets another supervisor take a session; who holds it goes on until then.
 *
 * @throws GovernanceError `CONFLICT` when it is over or nobody holds it, `INPUT_INVALID` for who cannot supervise,
 * `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function handOver(
  context: GovernorContext,
  actor: Actor,
  { id, to }: { readonly id: string; readonly to: string },
): Promise<SupervisionSession> {
  authorize(actor, 'sessions.hand_over')
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const session = await getHeldSession(tx, id)
    assertGoesOn(session)
    assertHolder(actor, session, context.clock.now())
    const member = await findMember(tx, to)
    if (member === undefined || !member.roles.some((role) => role === 'admin' || role === 'supervisor')) {
      throw new GovernanceError('INPUT_INVALID', {
        message: `to: ${JSON.stringify(to.slice(0, 60))} cannot supervise.`,
      })
    }
    const from = session.supervisorId
    if (from === null || from === to || !(await offerSession(tx, { id, from, to }))) {
      throw new GovernanceError('CONFLICT', { message: `The session ${id} cannot be handed over to ${to}.` })
    }
    await tellSession(context, tx, { session, kind: 'supervision_session.handed_over', actor, body: { from, to } })
    return getHeldSession(tx, id)
  })
}
