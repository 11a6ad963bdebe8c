import type { Proposal, ProposalCard } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { listText, personText, timeText } from '../data/format.ts'
import { problemOf } from '../data/problem.ts'
import { useSignedIn } from '../data/session-context.ts'
import { readInboxSearch } from '../inbox/inbox-search.ts'
import { useNextId } from '../inbox/use-order.ts'
import { textOf, useText } from '../text/use-text.ts'
import { useIsExpired } from '../ui/countdown.tsx'
import { OUTCOME, OUTCOMES } from './decide-messages.ts'
import type { Decide } from './use-decide.ts'

/** What stands in the place of the buttons once it is decided, and before it if something is in the way. */
export function OutcomeBanner({ card, decide }: { readonly card: ProposalCard; readonly decide: Decide }): ReactNode {
  const { proposal } = card
  const t = useText(OUTCOME)
  const { isOffline } = useSignedIn()
  const isExpired = useIsExpired(proposal)
  const next = useNextId(proposal.id)
  const text = isOffline ? t('outOfReach') : outcomeText(proposal, isExpired)
  const conflict = decide.isConflict ? problemOf(decide.error).message : undefined
  const refusal = isExpired ? undefined : refusalOf(card)
  if (text === undefined && conflict === undefined && refusal === undefined) return null
  return (
    <div
      role="status"
      className={`outcome outcome-${isExpired && proposal.state === 'pending' ? 'expired' : proposal.state}`}
    >
      {conflict === undefined ? null : <p className="outcome-conflict">{t('didNotCount', { problem: conflict })}</p>}
      {text === undefined ? null : <p className="outcome-text">{text}</p>}
      {refusal === undefined ? null : <p className="outcome-text">{refusal}</p>}
      {next === undefined || text === undefined ? null : (
        <Link to="/inbox/$proposalId" params={{ proposalId: next }} search={readInboxSearch} className="outcome-next">
          {t('next')}
        </Link>
      )}
    </div>
  )
}

/** Why this person cannot decide on what still waits. */
function refusalOf({ proposal: { state }, mayDecide, approvals }: ProposalCard): string | undefined {
  if (state !== 'pending' || mayDecide.allowed) return undefined
  const t = textOf(OUTCOME)
  const { given, required } = approvals
  const reason = mayDecide.reason ?? t('cannotDecide')
  return given.length === 0 ? reason : t('approvalsThere', { reason, given: given.length, required })
}

function outcomeText(proposal: Proposal, isExpired: boolean): string | undefined {
  const t = textOf(OUTCOME)
  const { state, decidedBy, decidedAt, expiresAt, runnableAt } = proposal
  if (state === 'expired' || (state === 'pending' && isExpired)) return t('expired', { time: timeText(expiresAt) })
  if (state === 'pending') return undefined
  const whoAndWhen = {
    people: decidedBy.length,
    who: listText(decidedBy.map(personText)),
    isDated: decidedAt === null ? 'no' : 'yes',
    when: decidedAt === null ? '' : timeText(decidedAt),
  }
  if (state === 'approved' && runnableAt !== null) return t('runnable', { ...whoAndWhen, from: timeText(runnableAt) })
  return textOf(OUTCOMES)(state, whoAndWhen)
}
