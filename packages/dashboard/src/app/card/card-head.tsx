import { type Proposal, type ProposalCard, visibleText } from '@preceptor/client'
import type { ReactNode, RefObject } from 'react'
import { personText, timeText } from '../data/format.ts'
import { MaturityBadge, RiskBadge, StateBadge } from '../ui/badges.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'

interface CardHeadProps {
  readonly card: ProposalCard
  readonly titleRef: RefObject<HTMLHeadingElement | null>
  readonly children?: ReactNode
}

/** What it is, who asks, how much harm it can do, and how long it waits. */
export function CardHead({ card, titleRef, children }: CardHeadProps): ReactNode {
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
        <CopyButton text={location.href} label="Copy link" />
      </div>
      <h2 id="card-title" className="card-title" tabIndex={-1} ref={titleRef}>
        {visibleText(summary)}
      </h2>
      <p className="card-line muted">
        {summary === action ? null : <code>{action}</code>}
        <span className="agent">{agent}</span>
        <MaturityBadge maturity={maturity} />
        <span>
          proposed <RelativeTime at={createdAt} />
          {proposedBy === `agent:${agent}` ? '' : ` by ${personText(proposedBy)}`}
        </span>
        {resource === null ? null : (
          <span>
            about <code>{visibleText(resource)}</code>
          </span>
        )}
      </p>
      {reasons.length === 0 ? null : (
        <ul className={`reasons risk-line-${risk}`} aria-label="Why this risk">
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
  const { state, expiresAt } = proposal
  if (state !== 'pending' && state !== 'approved') return null
  return (
    <p className="deadline">
      <Countdown proposal={proposal} />
      <span className="muted">
        {' '}
        until {timeText(expiresAt)}; then it expires and does not run.
        {state === 'approved' ? ' It is approved, and has not begun yet.' : ''}
      </span>
    </p>
  )
}
