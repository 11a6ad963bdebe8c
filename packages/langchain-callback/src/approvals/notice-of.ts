import type { ToolMessage } from '@langchain/core/messages'
import type { Proposal } from '@preceptor/client'

/** What an agent is told of a proposal that it was told to wait for; undefined where it has seen the end itself. */
export function noticeOf(
  proposal: Proposal,
  { name = proposal.action }: Pick<ToolMessage, 'name'>,
): string | undefined {
  const end = endOf(proposal, name)
  return end && `[Notice: the call of ${name} that waited as proposal ${proposal.id} ${end}]`
}

function endOf(proposal: Proposal, name: string): string | undefined {
  const { state, executor, args, decidedBy } = proposal
  const who = decidedBy.join(', ')
  switch (state) {
    case 'approved':
      // A worker runs it where there is an executor.
      if (executor === 'registered') return undefined
      return `was approved by ${who}. Call ${name} once more with exactly these arguments, and it runs once: ${JSON.stringify(args)}`
    case 'succeeded':
    case 'failed':
      if (executor === 'caller') return undefined
      return state === 'succeeded' ? 'was approved and has run.' : 'was approved, ran, and failed.'
    case 'outcome_unknown':
      return 'was started and nobody knows whether it had its effect. Do not repeat it: a person finds out.'
    case 'rejected':
      return `was rejected by ${who}${whyRejected(proposal)}. Do not repeat it.`
    case 'responded':
      return `will not run: ${who} answered in its place: ${JSON.stringify(proposal.response)}`
    case 'expired':
      return 'expired: nobody decided on it, or nobody ran it, in time. It has not run.'
    case 'cancelled':
      return 'was cancelled. It has not run.'
    case 'pending':
    case 'executing':
      return undefined
    default:
      return state satisfies never
  }
}

function whyRejected({ reviews }: Proposal): string {
  const rejection = reviews.findLast(({ verdict }) => verdict === 'reject')
  if (rejection === undefined) return ''
  const { category, reason } = rejection
  return ` (${(category ?? 'other').replaceAll('_', ' ')})${reason === null ? '' : `: ${reason.replace(/[.\s]+$/, '')}`}`
}
