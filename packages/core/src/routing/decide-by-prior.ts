import type { Decision, ExecutionDecision } from '@preceptor/client'
import type { Attempt } from './attempt.ts'
import type { PriorAttempt } from './consequences.ts'
import type { Facts } from './facts.ts'
import { decisionFacts, deniedDecision, proposalDecision, queueDecision, trainingDecision } from './make-decision.ts'
import type { Ruling } from './ruling.ts'

/** What an earlier attempt with the same key decides: the same decision again, under its first id. */
export function decideByPrior(input: {
  readonly attempt: Attempt
  readonly ruling: Ruling
  readonly facts: Facts
  readonly prior: Exclude<PriorAttempt, { kind: 'execution' }>
}): Exclude<Decision, ExecutionDecision> {
  const { attempt, ruling, facts, prior } = input
  const stated = { ...decisionFacts(attempt, ruling, facts.policy.version), id: prior.decisionId }
  if (stated.argsHash !== prior.argsHash || stated.action !== prior.action) {
    const reason = 'The idempotency key was used with another action or other arguments.'
    return deniedDecision({ ...stated, id: attempt.decisionId }, 'IDEMPOTENCY_KEY_REUSED', reason)
  }
  const repeated = { ...stated, reason: 'The same attempt was decided on before.' }
  switch (prior.kind) {
    case 'proposal':
      return proposalDecision(repeated, prior.proposal)
    case 'queue':
      return queueDecision(repeated, prior.queueEntry)
    case 'training':
      return trainingDecision(repeated, prior)
    default:
      return prior satisfies never
  }
}
