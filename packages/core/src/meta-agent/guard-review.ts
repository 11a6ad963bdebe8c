import { isHigh } from '../policy/is-high.ts'
import type { Review } from './review.ts'
import type { ReviewFacts } from './review-facts.ts'
import { offField } from './review-rules.ts'

/**
 * What is left of a review whoever made it: of high or critical risk it is rejected off the field of the agent, and
 * otherwise never more than left to people.
 */
export function guardReview(review: Review, facts: ReviewFacts): Review {
  const { proposal, field } = facts
  if (!isHigh(proposal.risk) || review.verdict === 'reject') return review
  const said = review.verdict === 'escalate' ? [] : [`Without that, the verdict had been "${review.verdict}".`]
  if (field === 'off') {
    const reasons = [`It is of ${proposal.risk} risk, and ${offField(facts)}.`, ...said, ...review.reasons]
    return { ...review, verdict: 'reject', suggested: null, reasons: [...new Set(reasons)] }
  }
  if (review.verdict === 'escalate') return review
  const reasons = [`It is of ${proposal.risk} risk: that is for people to judge.`, ...said, ...review.reasons]
  return { ...review, verdict: 'escalate', suggested: null, reasons }
}
