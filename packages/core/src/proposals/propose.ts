import { GovernanceError, type ProposalDecision } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { ProposeRequest, RuledAttempt } from '../routing/consequences.ts'
import { actionHash } from './action-hash.ts'
import { describeVersion } from './describe-version.ts'
import { insertProposal, type NewProposal } from './store.ts'

/** Writes the one pending proposal of an attempt, in the transaction that decides it. */
export async function propose(
  context: GovernorContext,
  tx: Tx,
  { ruled, isAwaited }: ProposeRequest,
): Promise<ProposalDecision['proposal']> {
  // Who asked under a guard comes back for it; else a worker runs it, where there is an executor.
  const executor = isAwaited || ruled.action.execute === null ? 'caller' : 'registered'
  const proposal = { ...newProposal(context, ruled), executor } as const
  // The same key in two transactions at once: the second one starts over and finds what the first one wrote.
  if (!(await insertProposal(tx, proposal))) throw new GovernanceError('IDEMPOTENCY_IN_FLIGHT')
  await context.journal.append(tx, {
    kind: 'proposal.created',
    subject: proposal.id,
    agent: proposal.agent,
    body: {
      actor: proposal.proposedBy,
      decisionId: proposal.decisionId,
      action: proposal.action,
      risk: proposal.risk,
      version: 1,
      actionHash: proposal.actionHash,
      requiredApprovals: proposal.requiredApprovals,
      expiresAt: proposal.expiresAt,
    },
  })
  const { id, requiredApprovals, expiresAt } = proposal
  return { id, version: 1, actionHash: proposal.actionHash, requiredApprovals, expiresAt }
}

function newProposal(context: GovernorContext, ruled: RuledAttempt): Omit<NewProposal, 'executor'> {
  const { attempt, ruling, agent, action, args, argsHash, risk, policy } = ruled
  const now = context.clock.now()
  const ttlMs = attempt.question?.expiresInMs ?? policy.document.proposalTtlMs ?? context.settings.proposalTtlMs
  const expiresAt = isoTime(now + ttlMs)
  const nonce = context.ids.next('evt')
  const { workspace } = attempt.actor
  const fingerprint = { ...agent.fingerprint, ...attempt.trigger.fingerprint }
  const bound = {
    workspace,
    agent: agent.id,
    fingerprint,
    action: action.name,
    digest: action.digest,
    args,
    nonce,
    expiresAt,
  }
  return {
    id: context.ids.next('prp'),
    agent: agent.id,
    decisionId: attempt.decisionId,
    idempotencyKey: attempt.idempotencyKey,
    action: action.name,
    digest: action.digest,
    risk,
    maturity: ruling.maturity ?? agent.maturity,
    source: attempt.actor.source,
    type: attempt.trigger.type ?? null,
    resource: attempt.trigger.resource ?? null,
    context: attempt.trigger.context ?? null,
    delegation: attempt.trigger.delegation ?? [],
    requiredApprovals: ruling.requiredApprovals,
    proposedBy: actorName(attempt.actor),
    args,
    argsHash,
    actionHash: actionHash({ ...bound, policyVersion: policy.version }),
    nonce,
    policyVersion: policy.version,
    fingerprint,
    expiresAt,
    at: isoTime(now),
    description: describeVersion(context, action, { args }),
  }
}
