import { type Proposal, type ProposalCard, visibleText } from '@preceptor/client'
import type { ReactNode, RefObject } from 'react'
import { personText, timeText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { MaturityBadge, RiskBadge, StateBadge } from '../ui/badges.tsx'
import { CopyLink } from '../ui/copy-link.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { CARD } from './card-messages.ts'

interface CardHeadProps {
  readonly card: ProposalCard
  readonly titleRef: RefObject<HTMLHeadingElement | null>
  readonly children?: ReactNode
}

/** What it is, who asks, how much harm it can do, and how long it waits. */
export function CardHead({ card, titleRef, children }: CardHeadProps): ReactNode {
  const t = useText(CARD)
  const {
    proposal,
    summary,
    risk: { reasons },
  } = card
  const { action, agent, maturity, risk, state, resource, createdAt, proposedBy } = proposal
  return (
    <header className="card-head">
      <div className="card-line">
        <RiskBadge risk={risk} />
        <StateBadge state={state} />
        <span className="card-id">{proposal.id}</span>
        <CopyLink address={location.href} label={t('copyLink')} />
      </div>
      <h2 id="card-title" className="card-title" tabIndex={-1} ref={titleRef}>
        {visibleText(summary)}
      </h2>
      <p className="card-line muted">
        {summary === action ? null : <code>{action}</code>}
        <span className="agent">{agent}</span>
        <MaturityBadge maturity={maturity} />
        <span>
          {t.rich(proposedBy === `agent:${agent}` ? 'proposed' : 'proposedBy', {
            when: <RelativeTime at={createdAt} />,
            who: personText(proposedBy),
          })}
        </span>
        {resource === null ? null : (
          <span>{t.rich('about', { resource: visibleText(resource), code: (parts) => <code>{parts}</code> })}</span>
        )}
      </p>
      {reasons.length === 0 ? null : (
        <ul className={`reasons risk-line-${risk}`} aria-label={t('whyRisk')}>
          {reasons.map((reason) => (
            <li key={reason}>{visibleText(reason)}</li>
          ))}
        </ul>
      )}
      <Deadline proposal={proposal} />
      {children}
    </header>
  )
}

/** What happens when nobody decides: silence is never consent. */
function Deadline({ proposal }: { readonly proposal: Proposal }): ReactNode {
  const t = useText(CARD)
  const { state, expiresAt } = proposal
  if (state !== 'pending' && state !== 'approved') return null
  return (
    <p className="deadline">
      <Countdown proposal={proposal} />
      <span className="muted">
        {' '}
        {t(state === 'approved' ? 'untilApproved' : 'until', { time: timeText(expiresAt) })}
      </span>
    </p>
  )
}
