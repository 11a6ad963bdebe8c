import { type Proposal, type ProposalReview, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { CATEGORIES } from '../data/data-messages.ts'
import { personText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { StateBadge } from '../ui/badges.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { CARD } from './card-messages.ts'
import { Withdrawal } from './withdrawal.tsx'

/** What happened to the proposal, oldest first. */
export function Activity({ proposal }: { readonly proposal: Proposal }): ReactNode {
  const t = useText(CARD)
  const { reviews, proposedBy, createdAt, state, updatedAt, response } = proposal
  return (
    <section className="panel" aria-labelledby="activity-title">
      <h3 id="activity-title" className="panel-title">
        {t('activity')}
      </h3>
      <ol className="activity">
        <li>
          {t.rich('proposedIt', {
            who: personText(proposedBy),
            when: <RelativeTime at={createdAt} />,
            b: (parts) => <strong>{parts}</strong>,
          })}
        </li>
        {reviews.map((review) => (
          <ReviewItem key={`${review.reviewer} ${review.version} ${review.createdAt}`} review={review} />
        ))}
        {state === 'pending' ? null : (
          <li>
            <StateBadge state={state} /> <RelativeTime at={updatedAt} />
            {state === 'responded' ? <JsonView value={response} /> : null}
            {state === 'cancelled' ? <Withdrawal id={proposal.id} /> : null}
          </li>
        )}
      </ol>
    </section>
  )
}

function ReviewItem({ review }: { readonly review: ProposalReview }): ReactNode {
  const t = useText(CARD)
  const wrong = useText(CATEGORIES)
  const { reviewer, verdict, version, category, reason, createdAt } = review
  return (
    <li>
      {t.rich('reviewed', {
        who: personText(reviewer),
        verdict,
        version,
        when: <RelativeTime at={createdAt} />,
        b: (parts) => <strong>{parts}</strong>,
      })}
      {category === null ? null : <span className="tag">{wrong(category)}</span>}
      {reason === null ? null : <p className="quote">{visibleText(reason)}</p>}
    </li>
  )
}
