import { type Proposal, visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { RiskBadge, StateBadge } from '../ui/badges.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { argsDigest } from './sort-proposals.ts'

interface ProposalRowProps {
  readonly proposal: Proposal
  readonly isOpen: boolean
  /** What was decided meanwhile stays where it is, and says so. */
  readonly isListOfWaiting: boolean
}

/** One proposal of the list. */
export function ProposalRow({ proposal, isOpen, isListOfWaiting }: ProposalRowProps): ReactNode {
  const { id, action, agent, maturity, risk, state, createdAt } = proposal
  const isWaiting = state === 'pending'
  const isDone = isListOfWaiting && !isWaiting
  return (
    <li>
      <Link
        to="/inbox/$proposalId"
        params={{ proposalId: id }}
        search={(search) => search}
        className={`row${isOpen ? ' row-open' : ''}${isDone ? ' row-done' : ''}`}
        aria-current={isOpen ? 'true' : undefined}
      >
        <span className="row-head">
          <RiskBadge risk={risk} />
          <span className="row-action">{action}</span>
          {isWaiting ? <Countdown proposal={proposal} /> : <StateBadge state={state} />}
        </span>
        <span className="row-args">{visibleText(argsDigest(proposal))}</span>
        <span className="row-foot">
          {agent} · {maturity} · <RelativeTime at={createdAt} />
        </span>
      </Link>
    </li>
  )
}
