import { type Proposal, type ProposalReview, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { personText } from '../data/format.ts'
import { StateBadge } from '../ui/badges.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'

const VERDICTS: Readonly<Record<ProposalReview['verdict'], string>> = {
  approve: 'approved',
  edit: 'edited and approved',
  reject: 'rejected',
  respond: 'answered instead',
}

/** Words of the categories of a rejection. */
export const CATEGORY_WORDS: Readonly<Record<NonNullable<ProposalReview['category']>, string>> = {
  wrong_action: 'Wrong action',
  wrong_args: 'Wrong arguments',
  wrong_time: 'Wrong time',
  not_allowed: 'Not allowed',
  duplicate: 'Duplicate',
  other: 'Other',
}

/** What happened to the proposal, oldest first. */
export function Activity({ proposal }: { readonly proposal: Proposal }): ReactNode {
  const { reviews, proposedBy, createdAt, state, updatedAt, response } = proposal
  return (
    <section className="panel" aria-labelledby="activity-title">
      <h3 id="activity-title" className="panel-title">
        Activity
      </h3>
      <ol className="activity">
        <li>
          <strong>{personText(proposedBy)}</strong> proposed it, <RelativeTime at={createdAt} />
        </li>
        {reviews.map((review) => (
          <ReviewItem key={`${review.reviewer} ${review.version} ${review.createdAt}`} review={review} />
        ))}
        {state === 'pending' ? null : (
          <li>
            <StateBadge state={state} /> <RelativeTime at={updatedAt} />
            {state === 'responded' ? <JsonView value={response} /> : null}
          </li>
        )}
      </ol>
    </section>
  )
}

function ReviewItem({ review }: { readonly review: ProposalReview }): ReactNode {
  const { reviewer, verdict, version, category, reason, createdAt } = review
  return (
    <li>
      <strong>{personText(reviewer)}</strong> {VERDICTS[verdict]} version {version}, <RelativeTime at={createdAt} />
      {category === null ? null : <span className="tag">{CATEGORY_WORDS[category]}</span>}
      {reason === null ? null : <p className="quote">{visibleText(reason)}</p>}
    </li>
  )
}
