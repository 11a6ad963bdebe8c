import { GovernanceError, type Proposal } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { type BoundProposal, endProposal, lockProposal } from './approval-store.ts'
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
    const { proposal, isCancelled } = await takeBack(context, tx, { id: request.id, by: actorName(actor), reason })
    if (!isCancelled) throw decided(proposal)
    return getProposal(tx, actor, asked)
  })
}

/** Cancels a proposal that has not begun to run, with its journal row; says how it stood before. */
export async function takeBack(
  context: Pick<GovernorContext, 'clock' | 'journal'>,
  tx: Tx,
  { id, by, reason }: { readonly id: string; readonly by: string; readonly reason: string },
): Promise<{ readonly proposal: BoundProposal; readonly isCancelled: boolean }> {
  const proposal = await lockProposal(tx, id)
  if (proposal === undefined) throw new GovernanceError('FACT_INVALID')
  const at = isoTime(context.clock.now())
  const { version, agent, state } = proposal
  const isCancelled = await endProposal(tx, {
    id,
    from: ['pending', 'approved'],
    to: 'cancelled',
    decidedBy: [by],
    reason,
    at,
  })
  if (!isCancelled) return { proposal, isCancelled }
  const body = { actor: by, version, was: state, reason: redactText(reason) }
  await context.journal.append(tx, { kind: 'proposal.cancelled', subject: id, agent, body })
  return { proposal, isCancelled }
}
