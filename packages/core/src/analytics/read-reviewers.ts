import type { AnalyticsQuery, AnalyticsReviewers } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { analysisOf } from './analysis.ts'
import { reviewerLoad } from './reviewer-load.ts'
import { countReviews } from './reviewer-store.ts'

const MOST_REVIEWERS = 200

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readReviewerLoad(
  context: GovernorContext,
  actor: Actor,
  query: AnalyticsQuery,
): Promise<AnalyticsReviewers> {
  const analysis = analysisOf(context, actor, { operation: 'analytics.reviewers', query })
  const counted = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    countReviews(tx, analysis, { limit: MOST_REVIEWERS }),
  )
  return { range: analysis.range, reviewers: counted.map(reviewerLoad) }
}
