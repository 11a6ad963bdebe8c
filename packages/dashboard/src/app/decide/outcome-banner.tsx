import type { Proposal, ProposalCard } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import { problemOf } from '../data/problem.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useNextId } from '../inbox/use-order.ts'
import { useIsExpired } from '../ui/countdown.tsx'
import type { Decide } from './use-decide.ts'

/** What stands in the place of the buttons once it is decided, and before it if something is in the way. */
export function OutcomeBanner({ card, decide }: { readonly card: ProposalCard; readonly decide: Decide }): ReactNode {
  const { proposal } = card
  const { isOffline } = useSignedIn()
  const isExpired = useIsExpired(proposal)
  const next = useNextId(proposal.id)
  const text = isOffline ? 'The server is out of reach: nothing can be decided now.' : outcomeText(proposal, isExpired)
  const conflict = decide.isConflict ? problemOf(decide.error).message : undefined
  const refusal = isExpired ? undefined : refusalOf(card)
  if (text === undefined && conflict === undefined && refusal === undefined) return null
  return (
    <div
      role="status"
      className={`outcome outcome-${isExpired && proposal.state === 'pending' ? 'expired' : proposal.state}`}
    >
      {conflict === undefined ? null : <p className="outcome-conflict">Your decision did not count: {conflict}</p>}
      {text === undefined ? null : <p className="outcome-text">{text}</p>}
      {refusal === undefined ? null : <p className="outcome-text">{refusal}</p>}
      {next === undefined || text === undefined ? null : (
        <Link
          to="/inbox/$proposalId"
          params={{ proposalId: next }}
          search={(search) => search}
          className="outcome-next"
        >
          Next proposal →
        </Link>
      )}
    </div>
  )
}

/** Why this person cannot decide on what still waits. */
function refusalOf({ proposal: { state }, mayDecide, approvals }: ProposalCard): string | undefined {
  if (state !== 'pending' || mayDecide.allowed) return undefined
  const { given, required } = approvals
  return `${mayDecide.reason ?? 'You cannot decide on it.'}${given.length === 0 ? '' : ` ${given.length} of ${required} approvals are there.`}`
}

function outcomeText(proposal: Proposal, isExpired: boolean): string | undefined {
  const { state, decidedBy, decidedAt, expiresAt, runnableAt } = proposal
  const who = decidedBy.length === 0 ? '' : ` by ${decidedBy.map(personText).join(', ')}`
  const when = decidedAt === null ? '' : `, ${timeText(decidedAt)}`
  switch (state) {
    case 'pending':
      return isExpired ? `Expired ${timeText(expiresAt)}. It does not run.` : undefined
    case 'approved':
      return runnableAt === null
        ? `Approved${who}${when}. It has not begun to run.`
        : `Approved${who}${when}. It may run from ${timeText(runnableAt)} on.`
    case 'executing':
      return `Approved${who}${when}. It runs now.`
    case 'succeeded':
      return `Approved${who}${when}. It ran and succeeded.`
    case 'failed':
      return `Approved${who}${when}. It ran and failed.`
    case 'outcome_unknown':
      return `Approved${who}${when}. It began to run and never reported: whether it took effect is unknown.`
    case 'rejected':
      return `Rejected${who}${when}. It does not run.`
    case 'responded':
      return `Answered${who}${when}. It does not run.`
    case 'expired':
      return `Expired ${timeText(expiresAt)}. It does not run.`
    case 'cancelled':
      return `Withdrawn${who}${when}. It does not run.`
    default:
      return state satisfies never
  }
}
