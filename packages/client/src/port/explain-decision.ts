import { ERROR_CODES } from '../errors/error-codes.ts'
import type { Assessment, Decision } from './decision.ts'

/**
 * Says in plain words what was decided and what the agent should do now; what a model or a caller is answered.
 *
 * @example
 * ```ts
 * import { type Decision, explainDecision } from '@preceptor/client'
 *
 * export const answer = (decision: Decision): string => explainDecision(decision)
 * ```
 */
export function explainDecision(decision: Decision | Assessment): string {
  const advice = 'code' in decision && decision.code !== null ? ` ${ERROR_CODES[decision.code].advice}` : ''
  return `${describeDecision(decision)}${advice}`
}

/**
 * Says in plain words what was decided and what waits, for a caller that says itself what to do now.
 *
 * @example
 * ```ts
 * import { type Decision, describeDecision } from '@preceptor/client'
 *
 * export const answer = (decision: Decision): string => `${describeDecision(decision)} Go on with other work.`
 * ```
 */
export function describeDecision(decision: Decision | Assessment): string {
  return `${decision.action}: ${decision.reason}${handle(decision)}`
}

function handle(decision: Decision | Assessment): string {
  if ('proposal' in decision) return ` It waits as proposal ${decision.proposal.id}.`
  if ('trainingProposal' in decision) return ` It is part of training proposal ${decision.trainingProposal.id}.`
  if ('queueEntry' in decision) return ` It waits as queue entry ${decision.queueEntry.id}.`
  return ''
}
