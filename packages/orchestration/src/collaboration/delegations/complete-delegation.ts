import { GovernanceError, type JsonValue } from '@preceptor/client'
import { type Actor, actorName, inWorkspace } from '@preceptor/core/plugin'
import type { Delegation } from '../../client/delegations.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { parseId, parseJsonObject } from '../texts.ts'
import { endedBefore, holdDelegation } from './hold-delegation.ts'
import { reread } from './reread.ts'
import { completeDelegated } from './settle-delegation.ts'

/**
 * Says what came of a delegation, as who it was given to or as a person who supervises; a call of its agent is taken back.
 *
 * @throws GovernanceError `CONFLICT` when it ended, `MEMBER_REQUIRED`, `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or
 * the code of a fault.
 */
export async function completeDelegation(
  ports: CollaborationPorts,
  actor: Actor,
  request: { readonly id: string; readonly output?: JsonValue },
): Promise<Delegation> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.delegations.complete')
  const id = parseId(request.id)
  const output = parseJsonObject({ output: request.output ?? null }, 'result').output ?? null
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const { session, delegation } = await holdDelegation(tx, actor, id)
    const by = actorName(actor)
    if (actor.principal.kind === 'agent' && delegation.to !== by) {
      throw new GovernanceError('MEMBER_REQUIRED', { message: `The delegation ${id} is not for ${by}.` })
    }
    if (!(await completeDelegated(ports, tx, session, { delegation, output, by }))) throw endedBefore(delegation)
    return reread(tx, id)
  })
}
