import type { AnalyticsReviewer } from '@preceptor/client'
import type { ReviewerCount } from './reviewer-store.ts'
import { shareOf } from './share.ts'

const FLAGGED_ABOVE = 0.5
const FLAGGED_FROM = 20

/** What the decisions of a reviewer come to. */
export function reviewerLoad(counted: ReviewerCount): AnalyticsReviewer {
  const { reviewer, displayName, approved, edited, rejected, responded, medianSeconds, fast, fastApproved } = counted
  const kind = reviewer.startsWith('agent:') ? 'agent' : 'person'
  const decisions = approved + edited + rejected + responded
  const rubberStamp = kind === 'agent' ? null : shareOf(fastApproved, approved + edited)
  return {
    reviewer,
    kind,
    displayName,
    decisions,
    approved,
    edited,
    rejected,
    responded,
    medianSeconds,
    fastShare: shareOf(fast, decisions),
    editedShare: shareOf(edited, decisions),
    rejectedShare: shareOf(rejected, decisions),
    rubberStamp,
    isFlagged: rubberStamp !== null && rubberStamp > FLAGGED_ABOVE && decisions >= FLAGGED_FROM,
  }
}
