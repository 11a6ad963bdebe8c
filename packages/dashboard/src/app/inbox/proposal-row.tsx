import { type Proposal, visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { MATURITIES } from '../data/data-messages.ts'
import { useText } from '../text/use-text.ts'
import { RiskBadge, StateBadge } from '../ui/badges.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { INBOX } from './inbox-messages.ts'
import { readInboxSearch } from './inbox-search.ts'
import { argsDigest } from './sort-proposals.ts'

interface ProposalRowProps {
  readonly proposal: Proposal
  readonly isOpen: boolean
  /** What was decided meanwhile stays where it is, and says so. */
  readonly isListOfWaiting: boolean
  /** Whether it is selected; undefined where it cannot be. */
  readonly isSelected: boolean | undefined
  readonly onSelect: (id: string, isRange: boolean) => void
}

/** One proposal of the list. */
export function ProposalRow(props: ProposalRowProps): ReactNode {
  const { proposal, isOpen, isListOfWaiting, isSelected, onSelect } = props
  const { id, action, agent, maturity, risk, state, createdAt } = proposal
  const t = useText(INBOX)
  const maturities = useText(MATURITIES)
  const isWaiting = state === 'pending'
  const isDone = isListOfWaiting && !isWaiting
  return (
    <li className="row-line">
      {isSelected === undefined ? (
        <span />
      ) : (
        <label className="row-select">
          <input
            type="checkbox"
            aria-label={t('select', { action, agent })}
            checked={isSelected}
            onChange={(event) => onSelect(id, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
          />
        </label>
      )}
      <Link
        to="/inbox/$proposalId"
        params={{ proposalId: id }}
        search={readInboxSearch}
        data-proposal={id}
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
          {agent} · {maturities(maturity)} · <RelativeTime at={createdAt} />
        </span>
      </Link>
    </li>
  )
}
