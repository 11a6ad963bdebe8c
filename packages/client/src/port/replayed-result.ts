import type { Decision } from './decision.ts'
import type { ReplayedResult, StoredOutcome } from './guard.ts'

/**
 * The result of an attempt that was made before: the outcome of its run, or what a reviewer answered in its place.
 *
 * @example
 * ```ts
 * import { type Decision, replayedResult } from '@preceptor/client'
 *
 * export const answered = (decision: Decision): unknown =>
 *   replayedResult(decision, { status: 'succeeded', value: 'done', stored: true }).answer
 * ```
 */
export function replayedResult(decision: Decision, outcome: StoredOutcome): ReplayedResult {
  const isAnswer = decision.route === 'denied' && decision.code === 'PROPOSAL_RESPONDED'
  const answer = isAnswer && outcome.status === 'succeeded' ? { answer: outcome.value } : {}
  return { status: 'replayed', decision, outcome, ...answer }
}
