import { GovernanceError, type Grant } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize, mayRead } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { endGrant, findGrant } from './store.ts'

/**
 * Ends a grant for good. What runs under it by then goes on.
 *
 * @throws GovernanceError `CONFLICT` when it was revoked before, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`, or the
 * code of a fault.
 */
export async function revokeGrant(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<Grant> {
  authorize(actor, 'grants.revoke')
  const reason = parseReason(request.reason)
  const { id } = request
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const at = isoTime(context.clock.now())
    const grant = await findGrant(tx, id, at)
    if (grant === undefined || !mayRead(actor, 'grants.revoke', grant)) throw recordNotFound('grant', id)
    const by = actorName(actor)
    if (!(await endGrant(tx, { id, by, reason, at }))) {
      throw new GovernanceError('CONFLICT', { message: `The grant ${id} was revoked before.` })
    }
    const body = { actor: by, action: grant.action, used: grant.used, uses: grant.uses, reason: redactText(reason) }
    await context.journal.append(tx, { kind: 'grant.revoked', subject: id, agent: grant.agent, body })
    const revoked = await findGrant(tx, id, at)
    if (revoked === undefined) throw new GovernanceError('FACT_INVALID')
    return revoked
  })
}
