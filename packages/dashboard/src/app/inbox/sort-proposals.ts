import { type Proposal, RISKS } from '@preceptor/client'
import type { InboxSearch } from './inbox-search.ts'

/** The proposals that an address asks for, in the order that it asks for. */
export function sortProposals(proposals: readonly Proposal[], { risk, sort }: InboxSearch): readonly Proposal[] {
  const least = risk === undefined ? 0 : RISKS.indexOf(risk)
  const shown = proposals.filter((proposal) => RISKS.indexOf(proposal.risk) >= least)
  const key = ({ expiresAt, createdAt }: Proposal): number =>
    sort === 'newest' ? -Date.parse(createdAt) : Date.parse(expiresAt)
  return [...shown].sort((a, b) => key(a) - key(b) || (a.id < b.id ? -1 : 1))
}

/** The action with which a step of a workflow asks people something; nothing runs by it. */
const QUESTION = 'workflow.approval'

/** Whether a proposal is an action that somebody wants, or a question of a workflow. */
export function kindOfProposal({ action }: Pick<Proposal, 'action'>): 'actions' | 'questions' {
  return action === QUESTION ? 'questions' : 'actions'
}

const MOST_NAMED = 3
const LONGEST = 60

/** A few of the args in one line, for telling proposals apart in a list; the card shows all of them. */
export function argsDigest({ args }: Pick<Proposal, 'args'>): string {
  const entries = Object.entries(args)
  // Plain values tell proposals apart; what is nested is read on the card.
  const plain = entries.filter(([, value]) => typeof value !== 'object' && String(value).length <= LONGEST)
  const named = plain.slice(0, MOST_NAMED).map(([name, value]) => `${name} ${value}`)
  const more = entries.length - named.length
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(' · ')
}
