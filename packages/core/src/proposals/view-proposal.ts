import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { findProposal } from './store.ts'

/**
 * Tells who else looks at a proposal that a person opened it, or no longer looks at it.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function viewProposal(
  context: GovernorContext,
  actor: Actor,
  { id, kind }: { readonly id: string; readonly kind: 'viewer.joined' | 'viewer.left' },
): Promise<void> {
  authorize(actor, 'proposals.card')
  if (actor.principal.kind !== 'user') {
    throw new GovernanceError('PERMISSION_DENIED', { message: 'Only people look at proposals.' })
  }
  await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const proposal = await findProposal(tx, id)
    if (proposal === undefined) throw recordNotFound('proposal', id)
    const body = { actor: actorName(actor) }
    await context.journal.append(tx, { kind, subject: id, agent: proposal.agent, body })
  })
}
