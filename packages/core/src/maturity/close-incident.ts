import { GovernanceError, type Incident } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { hasHadHandIn } from '../agents/store.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { closeOpenIncident } from './incident-store.ts'
import { promotionPolicyOf } from './promotion-policy.ts'

/**
 * Closes an incident that was dealt with, by an administrator who never owned the agent; in a workspace of one person, by
 * that one, which the journal says.
 *
 * @throws GovernanceError `NOT_FOUND`, also when it is closed; `PERMISSION_DENIED`, `INPUT_INVALID`, or the code of a
 * fault.
 */
export async function closeIncident(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly incident: string; readonly reason: string },
): Promise<Incident> {
  authorize(actor, 'agents.close_incident', { agent: request.id })
  const reason = parseReason(request.reason)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const isInvolved = await hasHadHandIn(tx, request.id, actor.principal.id)
    if (isInvolved && !(await promotionPolicyOf(tx)).onePerson) {
      throw new GovernanceError('PERMISSION_DENIED', {
        message: `Who owns the agent "${request.id}" or has owned it does not close its incidents.`,
        hint: 'Ask another administrator.',
      })
    }
    const at = isoTime(context.clock.now())
    const name = actorName(actor)
    const closed = await closeOpenIncident(tx, { id: request.incident, agent: request.id, reason, actor: name, at })
    if (closed === undefined) throw recordNotFound('open incident', request.incident)
    const relaxed = isInvolved ? { relaxed: ['hand'] } : {}
    const body = { actor: name, incident: closed.id, reason: redactText(reason), ...relaxed }
    await context.journal.append(tx, { kind: 'agent.incident_closed', subject: closed.id, agent: request.id, body })
    return closed
  })
}
