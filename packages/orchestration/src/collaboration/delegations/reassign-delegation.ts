import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, inWorkspace, parseReason } from '@preceptor/core/plugin'
import type { Delegation } from '../../client/delegations.ts'
import type { MemberName } from '../../client/member-name.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { assertMayDirect } from '../assert-role.ts'
import { parseId } from '../texts.ts'
import { endedBefore, holdDelegation } from './hold-delegation.ts'
import { parseReceiver } from './parse-delegation.ts'
import { reread } from './reread.ts'
import { giveTo } from './settle-delegation.ts'

/**
 * Gives a delegation to another member, as the lead or as a person who supervises.
 *
 * @throws GovernanceError `CONFLICT` when it ended or is that member's, `MEMBER_REQUIRED`, `NOT_FOUND`, `INPUT_INVALID`,
 * `PERMISSION_DENIED`, or the code of a fault.
 */
export async function reassignDelegation(
  ports: CollaborationPorts,
  actor: Actor,
  request: { readonly id: string; readonly to: MemberName; readonly reason: string },
): Promise<Delegation> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.delegations.reassign')
  const id = parseId(request.id)
  const reason = parseReason(request.reason)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const { session, delegation } = await holdDelegation(tx, actor, id)
    assertMayDirect(actor, session)
    const to = parseReceiver(session, request.to)
    if (to.name === delegation.to) {
      throw new GovernanceError('CONFLICT', { message: `The delegation ${id} is with ${to.name}.` })
    }
    const change = { delegation, to, by: actorName(actor), reason, isRetry: false }
    if (!(await giveTo(ports, tx, session, change))) throw endedBefore(delegation)
    return reread(tx, id)
  })
}
