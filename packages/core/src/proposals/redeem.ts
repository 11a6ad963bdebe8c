import type { JsonObject, ProposalDecision, Risk } from '@preceptor/client'
import { actorName, userOf } from '../access/actor.ts'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { hasHadHandIn } from '../agents/store.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { claim } from '../executions/claim.ts'
import { findExecution } from '../executions/store.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { RedeemRequest, RedeemResult } from '../routing/consequences.ts'
import type { Facts } from '../routing/facts.ts'
import { checkLimits } from '../routing/limits.ts'
import { assertResolved } from '../routing/resolve-action.ts'
import { ruledAttempt } from '../routing/ruled-attempt.ts'
import { type Ruling, ruleOn } from '../routing/ruling.ts'
import { approvalsOf, type BoundProposal, insertVersion, lockProposal, moveProposal } from './approval-store.ts'
import { approvedAttempt, editOf } from './approved-attempt.ts'
import { changeSinceApproval } from './change-since-approval.ts'
import { hasLostApprover } from './lost-approver.ts'
import { GATE, nextVersion } from './next-version.ts'
import { CLAIMABLE, type PermitRefusal, refusePermit } from './refuse-permit.ts'

const MOST_ATTEMPTS = 3

/**
 * Claims the one run of an approved proposal for who asked for it. Everything that the approval rests on is looked at
 * again in this transaction; where something changed, the approval is taken back and people decide anew.
 */
export async function redeem(context: GovernorContext, tx: Tx, request: RedeemRequest): Promise<RedeemResult> {
  const proposal = await lockProposal(tx, request.proposalId)
  if (proposal === undefined) {
    return { result: 'refused', code: 'PERMIT_REFUSED', reason: 'There is no such approval.' }
  }
  const { claimFor } = request
  const asked = { attempt: request.attempt, claimFor, now: context.clock.now() }
  const refusal = refusePermit(proposal, asked) ?? (await refuseAnother(tx, proposal))
  if (refusal !== null) return { result: 'refused', ...refusal }
  const attempt = approvedAttempt(proposal, request.attempt)
  const limits = await checkLimits(tx, { context, attempt, policy: request.facts.policy })
  const ruling = ruleOn(attempt, request.facts, limits)
  if (ruling.route === 'denied') return { result: 'refused', code: ruling.code ?? 'CONFLICT', reason: ruling.reason }
  const change = await whatChanged(tx, { proposal, attempt, request, ruling })
  if (change !== null) return takeBack(context, tx, { proposal, attempt, request, ruling, change })
  const { runnableAt } = proposal
  if (runnableAt !== null && Date.parse(runnableAt) > context.clock.now()) {
    return { result: 'waiting', proposal: handleOf(proposal), runnableAt }
  }
  const ruled = { ...ruledAttempt(attempt, ruling, request.facts), proposalId: proposal.id }
  const claimed = await claim(context, tx, { ruled, claimFor })
  if (claimed.result !== 'claimed') return { result: 'answered', answer: claimed, attempt }
  const at = isoTime(context.clock.now())
  if (!(await moveProposal(tx, { id: proposal.id, from: CLAIMABLE, to: 'executing', at }))) {
    return { result: 'refused', code: 'PERMIT_REFUSED', reason: 'The approval was used.' }
  }
  const { id, version, decidedBy } = proposal
  const body = {
    actor: actorName(attempt.actor),
    version,
    actionHash: proposal.actionHash,
    decisionId: attempt.decisionId,
    executionId: claimed.claim.executionId,
    fence: claimed.claim.fence,
  }
  await context.journal.append(tx, { kind: 'permit.redeemed', subject: id, agent: proposal.agent, body })
  const approval = { proposal: id, version, decidedBy, ...editOf(request.attempt, proposal) }
  return { result: 'claimed', claim: claimed.claim, attempt, ruling, approval }
}

/** What may run twice is still not tried for ever. */
async function refuseAnother(
  tx: Tx,
  { id, agent, state, idempotencyKey }: BoundProposal,
): Promise<PermitRefusal | null> {
  if (state !== 'outcome_unknown') return null
  const execution = await findExecution(tx, { agent, idempotencyKey })
  if (execution === undefined || execution.attempt < MOST_ATTEMPTS) return null
  const reason = `The proposal ${id} was tried ${execution.attempt} times and its outcome is unknown.`
  return { code: 'OUTCOME_UNKNOWN', reason }
}

function handleOf(proposal: BoundProposal): ProposalDecision['proposal'] {
  const { id, version, actionHash, requiredApprovals, expiresAt } = proposal
  return { id, version, actionHash, requiredApprovals, expiresAt }
}

interface Recheck {
  readonly proposal: BoundProposal
  readonly attempt: Attempt
  readonly request: RedeemRequest
  readonly ruling: Ruling
}

/** Why an approval does not hold any more; null when it does. */
async function whatChanged(tx: Tx, { proposal, attempt, request, ruling }: Recheck): Promise<string | null> {
  const { facts } = request
  const [approvals, isOwn] = await Promise.all([
    approvalsOf(tx, proposal),
    isDecidedByOwner(tx, proposal, { facts, ruling }),
  ])
  const change = changeSinceApproval({ workspace: tx.workspace, proposal, approvals, attempt, facts, ruling })
  if (change !== null) return change
  if (isOwn) {
    return 'Who approved it owns the agent, has owned it or has handed it over by now.'
  }
  return (await hasLostApprover(tx, approvals)) ? 'Who approved it may not approve any more.' : null
}

/** Who has had a hand in the agent is no approver, whenever that was. */
async function isDecidedByOwner(
  tx: Tx,
  { agent, decidedBy }: BoundProposal,
  { facts, ruling }: { readonly facts: Facts; readonly ruling: Ruling },
): Promise<boolean> {
  if (!facts.policy.separationOfDuties && ruling.risk !== 'critical') return false
  return hasHadHandIn(tx, agent, ...decidedBy.flatMap((name) => userOf(name) ?? []))
}

async function takeBack(
  context: GovernorContext,
  tx: Tx,
  input: Recheck & { readonly change: string },
): Promise<RedeemResult> {
  const { proposal, attempt, request, ruling, change } = input
  const { action } = assertResolved(attempt.resolution)
  const args = await argsHere(action, proposal)
  if (args === null) {
    const reason = `The approved arguments are not valid for "${action.name}" as it is registered here.`
    return { result: 'refused', code: 'ARGS_INVALID', reason }
  }
  const argsHash = hashCanonical(args)
  const risk: Risk = ruling.risk ?? proposal.risk
  const next = nextVersion(context, proposal, {
    workspace: tx.workspace,
    registered: action,
    args,
    argsHash,
    digest: action.digest,
    risk,
    requiredApprovals: Math.max(proposal.requiredApprovals, ruling.requiredApprovals),
    policyVersion: request.facts.policy.version,
    fingerprint: { ...proposal.fingerprint, ...attempt.trigger.fingerprint },
    createdBy: GATE,
  })
  if (!(await insertVersion(tx, next, 'approved'))) {
    return { result: 'refused', code: 'PERMIT_REFUSED', reason: 'The approval was used.' }
  }
  const version = next.from + 1
  const { requiredApprovals, expiresAt } = next
  const body = { actor: GATE, version, actionHash: next.actionHash, reason: change }
  await context.journal.append(tx, { kind: 'proposal.returned', subject: proposal.id, agent: proposal.agent, body })
  const { id } = proposal
  return {
    result: 'returned',
    reason: `The approval was taken back: ${change}`,
    proposal: { id, version, actionHash: next.actionHash, requiredApprovals, expiresAt },
  }
}

/** Another release may have another schema: what people decide on is what that makes of the args. */
async function argsHere(action: ActionSpecification, { digest, args }: BoundProposal): Promise<JsonObject | null> {
  // Code of the host runs only where it must: meanwhile the proposal is held.
  if (action.digest === digest) return args
  const parsed = await action.validate(args)
  return parsed.valid ? parsed.args : null
}
