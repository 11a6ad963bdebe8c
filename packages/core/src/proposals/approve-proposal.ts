import type { Proposal, ProposalApproval } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import type { Tx } from '../database/transaction.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { isoTime } from '../kernel/clock.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'
import type { Gate } from '../routing/gate.ts'
import { approvalsOf, approveVersion, type BoundProposal, insertReview } from './approval-store.ts'
import { editProposal } from './edit-proposal.ts'
import { keepMasked } from './hidden-args.ts'
import { approvedAlready, assertNotInvolved, decided, type HeldReview, reviewProposal } from './review-proposal.ts'
import { reviewedVersion, reviewReason } from './review-schemas.ts'

const input = z.strictObject({
  ...reviewedVersion,
  args: z.looseObject({}).optional(),
  reason: reviewReason.optional(),
})

/**
 * Approves the version that was shown, or the next one with other args; the action may run once when as many people as
 * it needs have approved the same version.
 *
 * @throws GovernanceError `PROPOSAL_DECIDED`, `PROPOSAL_CHANGED`, `PERMISSION_DENIED`, `ARGS_INVALID`, `NOT_FOUND`,
 * `INPUT_INVALID`, or the code of a fault.
 */
export async function approveProposal(
  gate: Gate,
  actor: Actor,
  { id, approval }: { readonly id: string; readonly approval: ProposalApproval },
): Promise<Proposal> {
  authorize(actor, 'proposals.approve')
  const { version, actionHash, reason = null } = parseInput(input, approval, 'approval')
  const sent = approval.args === undefined ? undefined : assertJsonObject(approval.args, { name: 'args' })
  const request = { operation: 'proposals.approve', id, reviewed: { version, actionHash } } as const
  return reviewProposal(gate, actor, request, async (tx, held) => {
    const args = sent && keepMasked(sent, held.proposal)
    const isEdit = args !== undefined && hashCanonical(args) !== held.proposal.argsHash
    const proposal = isEdit ? await editProposal(gate, tx, { actor, held, args }) : held.proposal
    // Other args, or another policy by now, may make it a matter for others.
    if (isEdit) await assertNotInvolved(tx, actor, { ...held, proposal })
    await addApproval(gate, tx, { held: { ...held, proposal }, verdict: isEdit ? 'edit' : 'approve', reason })
  })
}

async function addApproval(
  gate: Gate,
  tx: Tx,
  input: { readonly held: HeldReview; readonly verdict: 'approve' | 'edit'; readonly reason: string | null },
): Promise<void> {
  const { proposal, epochs, reviewer } = input.held
  const { clock, ids, journal } = gate.context
  const { id, version, actionHash, requiredApprovals } = proposal
  const at = isoTime(clock.now())
  const { verdict, reason } = input
  const review = {
    id: ids.next('rev'),
    proposal: id,
    version,
    reviewer,
    verdict,
    category: null,
    reason,
    actionHash,
    epochs,
    at,
  }
  if (!(await insertReview(tx, review))) throw approvedAlready(reviewer)
  const approvers = (await approvalsOf(tx, proposal)).map((approval) => approval.reviewer)
  const body = { actor: reviewer, version, actionHash, verdict, approvals: approvers.length, requiredApprovals, reason }
  await journal.append(tx, { kind: 'proposal.reviewed', subject: id, agent: proposal.agent, body })
  if (approvers.length < requiredApprovals) return
  await approve(gate, tx, { proposal, epochs, approvers, at })
}

async function approve(
  gate: Gate,
  tx: Tx,
  approved: {
    readonly proposal: BoundProposal
    readonly epochs: HeldReview['epochs']
    readonly approvers: readonly string[]
    readonly at: string
  },
): Promise<void> {
  const { proposal, epochs, approvers, at } = approved
  const { id, version, actionHash } = proposal
  if (!(await approveVersion(tx, { id, version, decidedBy: approvers, at }))) throw decided(proposal)
  await gate.context.journal.append(tx, {
    kind: 'proposal.approved',
    subject: id,
    agent: proposal.agent,
    body: {
      actor: approvers.at(-1) ?? '',
      version,
      actionHash,
      decidedBy: approvers,
      epochs: epochs.map((one) => ({ ...one })),
    },
  })
}
