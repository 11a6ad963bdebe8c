import { GovernanceError, type Proposal } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { endProposal, lockProposal } from './approval-store.ts'
import { decided, getProposal } from './review-proposal.ts'

/**
 * Takes back a proposal that has not begun to run, also after it was approved.
 *
 * @throws GovernanceError `PROPOSAL_DECIDED`, `PERMISSION_DENIED`, `NOT_FOUND`, `INPUT_INVALID`, or the code of a fault.
 */
export async function cancelProposal(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<Proposal> {
  authorize(actor, 'proposals.cancel')
  const reason = parseReason(request.reason)
  const asked = { operation: 'proposals.cancel', id: request.id } as const
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    await getProposal(tx, actor, asked)
    const proposal = await lockProposal(tx, request.id)
    if (proposal === undefined) throw new GovernanceError('FACT_INVALID')
    const by = actorName(actor)
    const at = isoTime(context.clock.now())
    const { id, version, agent } = proposal
    const ended = await endProposal(tx, {
      id,
      from: ['pending', 'approved'],
      to: 'cancelled',
      decidedBy: [by],
      reason,
      at,
    })
    if (!ended) throw decided(proposal)
    const body = { actor: by, version, was: proposal.state, reason: redactText(reason) }
    await context.journal.append(tx, { kind: 'proposal.cancelled', subject: id, agent, body })
    return getProposal(tx, actor, asked)
  })
}
