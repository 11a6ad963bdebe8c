import type { AgentReview } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { completeAgentReview, type ReviewEnd } from './review-store.ts'

/** Completes a review of what an agent wants to do, and counts it once it is committed; undefined when it was completed. */
export async function endReview(
  { meter }: Pick<GovernorContext, 'meter'>,
  tx: Tx,
  end: ReviewEnd,
): Promise<AgentReview | undefined> {
  const review = await completeAgentReview(tx, end)
  if (review === undefined) return undefined
  // `rules`, or `model:` and `endpoint:` with a name behind it.
  const [by = 'none'] = review.by.split(':')
  tx.afterCommit(() => meter.of(tx.workspace).count('reviews', review.verdict ?? 'none', by))
  return review
}
