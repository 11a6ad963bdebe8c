import type { Proposal, ProposalApproval } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import type { Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { isoTime } from '../kernel/clock.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'
import type { Gate } from '../routing/gate.ts'
import { approvalsOf, approveVersion, type BoundProposal, insertReview } from './approval-store.ts'
import { decidedVia } from './decided-via.ts'
import { editProposal } from './edit-proposal.ts'
import { keepMasked } from './hidden-args.ts'
import { prepareVersion } from './prepare-version.ts'
import { type PreparedReview, renewVersion, whatIsOver } from './renew-version.ts'
import {
  approvedAlready,
  assertNotInvolved,
  decided,
  type HeldReview,
  reviewProposal,
  type Spend,
} from './review-proposal.ts'
import { reviewedVersion, reviewReason } from './review-schemas.ts'
import { runnableFrom } from './runnable-from.ts'

const input = z.strictObject({
  ...reviewedVersion,
  args: z.looseObject({}).optional(),
  reason: reviewReason.optional(),
})

/**
 * Approves the version that was shown, or the next one with other args; the action may run once when as many people as
 * it needs have approved the same version. What was proposed under a policy, a definition or an agent that is another by
 * now becomes the next version, and the reviewer decides on that.
 *
 * @throws GovernanceError `PROPOSAL_DECIDED`, `PROPOSAL_CHANGED`, `PERMISSION_DENIED`, `ARGS_INVALID`, `NOT_FOUND`,
 * `INPUT_INVALID`, or the code of a fault.
 */
export async function approveProposal(
  gate: Gate,
  actor: Actor,
  {
    id,
    approval,
    batch,
    spend,
  }: {
    readonly id: string
    readonly approval: ProposalApproval
    readonly batch?: true
    readonly spend?: Spend
  },
): Promise<Proposal> {
  authorize(actor, 'proposals.approve')
  const { version, actionHash, reason = null } = parseInput(input, approval, 'approval')
  const sent = approval.args === undefined ? undefined : assertJsonObject(approval.args, { name: 'args' })
  const request = { operation: 'proposals.approve', id, reviewed: { version, actionHash }, spend } as const
  const resolution = await prepareVersion(gate, actor, { id, sent })
  const approved = await reviewProposal(gate, actor, request, async (tx, held) => {
    const args = sent && keepMasked(sent, held.proposal)
    const prepared = { actor, held, resolution }
    const said = { reason, ...(batch && { batch }) }
    if (args === undefined || hashCanonical(args) === held.proposal.argsHash) {
      const over = await whatIsOver(tx, prepared)
      if (over !== null) return replaceVersion(gate, tx, { ...prepared, reason: over })
      await addApproval(gate, tx, { ...said, held, verdict: 'approve' })
      return null
    }
    const proposal = await editProposal(gate, tx, prepared)
    // Other args, or another policy by now, may make it a matter for others.
    await assertNotInvolved(tx, actor, { ...held, proposal })
    await addApproval(gate, tx, { ...said, held: { ...held, proposal }, verdict: 'edit' })
    return null
  })
  await gate.context.failpoint('approve.after_commit')
  return approved
}

/** Makes what was proposed before something changed the next version. */
async function replaceVersion(
  gate: Gate,
  tx: Tx,
  { reason, ...prepared }: PreparedReview & { readonly reason: string },
): Promise<BoundProposal> {
  const renewed = await renewVersion(gate, tx, { ...prepared, createdBy: 'system:review' })
  const { id, agent, version, actionHash } = renewed
  const body = { actor: prepared.held.reviewer, version, actionHash, reason }
  await gate.context.journal.append(tx, { kind: 'proposal.returned', subject: id, agent, body })
  return renewed
}

/** An approval of a version that is held. */
export interface GivenApproval {
  readonly held: HeldReview
  readonly verdict: 'approve' | 'edit'
  readonly reason: string | null
  /** Whether it was one of several at once. */
  readonly batch?: true
}

/** Writes an approval of the version that is held; the last one that it needs makes it run. */
export async function addApproval(gate: Gate, tx: Tx, input: GivenApproval): Promise<void> {
  const { proposal, epochs, reviewer, credential, via } = input.held
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
    credential,
    at,
  }
  const [isNew, approvals] = await Promise.all([insertReview(tx, review), approvalsOf(tx, proposal)])
  if (!isNew) throw approvedAlready(reviewer)
  const approvers = approvals.map((approval) => approval.reviewer)
  await journal.append(tx, {
    kind: 'proposal.reviewed',
    subject: id,
    agent: proposal.agent,
    body: {
      actor: reviewer,
      version,
      actionHash,
      verdict,
      approvals: approvers.length,
      requiredApprovals,
      reason: reason && redactText(reason),
      ...(input.batch && { batch: true }),
      ...decidedVia(via),
    },
  })
  if (approvers.length >= requiredApprovals) await approve(gate, tx, { held: input.held, approvers })
  await gate.context.failpoint('approve.before_commit')
}

async function approve(
  gate: Gate,
  tx: Tx,
  { held, approvers }: { readonly held: HeldReview; readonly approvers: readonly string[] },
): Promise<void> {
  const { proposal, epochs } = held
  const { id, version, actionHash } = proposal
  const now = gate.context.clock.now()
  const runnableAt = runnableFrom(proposal, { waitMs: held.facts.policy.waitFor(proposal.action), now })
  const approved = { id, version, decidedBy: approvers, runnableAt, at: isoTime(now) }
  if (!(await approveVersion(tx, approved))) throw decided(proposal)
  await gate.context.journal.append(tx, {
    kind: 'proposal.approved',
    subject: id,
    agent: proposal.agent,
    body: {
      actor: approvers.at(-1) ?? '',
      version,
      actionHash,
      decidedBy: approvers,
      runnableAt,
      epochs: epochs.map((one) => ({ ...one })),
      // Of the review that it was decided by.
      ...decidedVia(held.via),
    },
  })
}
