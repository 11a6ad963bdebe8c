import type {
  DecisionFacts,
  DeniedDecision,
  ErrorCode,
  ExecutionDecision,
  GrantUse,
  ProposalDecision,
  QueueDecision,
  SupervisionDecision,
  TrainingDecision,
} from '@preceptor/client'
import type { Attempt } from './attempt.ts'
import type { Ruling } from './ruling.ts'

/** What a decision states besides what follows from it. */
export function decisionFacts(attempt: Attempt, ruling: Ruling, policyVersion: number): DecisionFacts {
  const { trigger, actor, resolution } = attempt
  return {
    id: attempt.decisionId,
    agent: trigger.agent,
    action: trigger.action,
    source: actor.source,
    maturity: ruling.maturity,
    risk: ruling.risk,
    reason: ruling.reason,
    warnings: ruling.warnings,
    policyVersion,
    argsHash: resolution.status === 'resolved' ? resolution.argsHash : null,
    decidedAt: attempt.decidedAt,
  }
}

/** The decision to let it run. */
export function executionDecision(
  facts: DecisionFacts,
  { shadow, bypass }: Pick<Ruling, 'shadow' | 'bypass'>,
): ExecutionDecision {
  const { id, agent, action, source, maturity, risk, reason, warnings, policyVersion, argsHash, decidedAt } = facts
  // Field by field, which costs a tenth of a copy: most decisions are this one.
  const decision: ExecutionDecision = {
    id,
    agent,
    action,
    source,
    maturity,
    risk,
    reason,
    warnings,
    policyVersion,
    argsHash,
    decidedAt,
    route: 'execution',
  }
  if (shadow === null && bypass === null) return decision
  return { ...decision, ...(shadow !== null && { shadow }), ...(bypass !== null && { bypass }) }
}

/** The decision to let it run once, under an approval. */
export function approvedDecision(
  facts: DecisionFacts,
  approval: NonNullable<ExecutionDecision['approval']>,
): ExecutionDecision {
  const reason = `Approved by ${approval.decidedBy.join(', ')} as version ${approval.version} of ${approval.proposal}.`
  return { ...facts, route: 'execution', reason, approval }
}

/** The decision to let it run under a grant. */
export function grantedDecision(facts: DecisionFacts, grant: GrantUse): ExecutionDecision {
  const reason = `${facts.reason} The grant ${grant.id} approved it ahead of time.`
  return { ...facts, route: 'execution', reason, grant }
}

/** The decision to let it run under live supervision. */
export function supervisionDecision(facts: DecisionFacts, sessionId: string): SupervisionDecision {
  return { ...facts, route: 'supervision', session: { id: sessionId } }
}

/** The decision to let it wait for a supervisor. */
export function queueDecision(facts: DecisionFacts, queueEntry: QueueDecision['queueEntry']): QueueDecision {
  return { ...facts, route: 'queue', code: 'SUPERVISOR_REQUIRED', queueEntry }
}

/** The decision to let people approve it first. */
export function proposalDecision(facts: DecisionFacts, proposal: ProposalDecision['proposal']): ProposalDecision {
  return { ...facts, route: 'proposal', code: 'APPROVAL_REQUIRED', proposal }
}

/** The decision to let it wait although it is approved; `runnableAt` is ISO 8601. */
export function waitingDecision(
  facts: DecisionFacts,
  { proposal, runnableAt }: { readonly proposal: ProposalDecision['proposal']; readonly runnableAt: string },
): ProposalDecision {
  const reason = `It is approved and may run from ${runnableAt} on.`
  return proposalDecision({ ...facts, reason }, { ...proposal, runnableAt })
}

/** The decision to block it and train. */
export function trainingDecision(
  facts: DecisionFacts,
  { blockedTrigger, trainingProposal }: Pick<TrainingDecision, 'blockedTrigger' | 'trainingProposal'>,
): TrainingDecision {
  return { ...facts, route: 'training', code: 'TRAINING_REQUIRED', blockedTrigger, trainingProposal }
}

/** The decision not to let it run. */
export function deniedDecision(facts: DecisionFacts, code: ErrorCode, reason: string): DeniedDecision {
  return { ...facts, route: 'denied', code, reason }
}

/** The decision that a fault, or a principal that may not ask, leads to: nothing is known, so nothing is allowed. */
export function deniedBeforeRuling(
  attempt: Omit<Attempt, 'resolution'>,
  refusal: { readonly code: ErrorCode; readonly reason: string },
): DeniedDecision {
  return {
    id: attempt.decisionId,
    agent: attempt.trigger.agent,
    action: attempt.trigger.action,
    source: attempt.actor.source,
    maturity: null,
    risk: null,
    reason: refusal.reason,
    warnings: [],
    policyVersion: 0,
    argsHash: null,
    decidedAt: attempt.decidedAt,
    route: 'denied',
    code: refusal.code,
  }
}
