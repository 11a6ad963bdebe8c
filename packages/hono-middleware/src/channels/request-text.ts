import { type Proposal, type ProposalCard, type Risk, visibleJson, visibleText } from '@preceptor/client'
import { previewText } from './preview-text.ts'

/** A labelled part of what people are shown; every text of it is plain, whole, and has nothing hidden in it. */
export interface ShownPart {
  readonly label: string
  readonly text: string
}

const ICONS: Readonly<Record<Risk, string>> = { safe: '🟢', medium: '🟡', high: '🟠', critical: '🔴' }

/** A risk as an icon and a word, so that it is not told by colour alone. */
export function riskText(risk: Risk): string {
  return `${ICONS[risk]} ${risk} risk`
}

/** What a decision is bound to, who asks, why, and until when: all that is short. */
export function requestFacts({ proposal, summary, risk, approvals, bound }: ProposalCard): readonly ShownPart[] {
  const { given, required } = approvals
  const facts: ShownPart[] = [
    { label: 'Action', text: proposal.action },
    { label: 'Agent', text: `${proposal.agent} (${proposal.maturity})` },
    { label: 'In short', text: summary },
    { label: 'Risk', text: [riskText(risk.level), ...risk.reasons].join('\n') },
    { label: 'Approvals', text: `${given.length} of ${required}${given.length > 0 ? `: ${given.join(', ')}` : ''}` },
    { label: 'Expires', text: `${proposal.expiresAt} (not approved by then, it does not run)` },
    { label: 'Version', text: String(bound.version) },
    { label: 'Action hash', text: proposal.actionHash },
    { label: 'Request', text: proposal.id },
  ]
  return facts.map(({ label, text }) => ({ label, text: visibleText(text) }))
}

/** What can be long: the args whole, as they will run, and what is said of them. */
export function requestDetails({ proposal, preview, edits, masked }: ProposalCard): readonly ShownPart[] {
  const { args, context, resource } = proposal
  return [
    { label: 'Arguments', text: visibleJson(args, 2) },
    ...(masked.length === 0 ? [] : [{ label: 'Masked', text: visibleText(masked.join('\n')) }]),
    ...(resource === null ? [] : [{ label: 'Resource', text: visibleText(resource) }]),
    ...(edits.length === 0 ? [] : [{ label: 'Changed by reviewers', text: visibleJson(edits, 2) }]),
    ...(preview.length === 0 ? [] : [{ label: 'Preview', text: previewText(preview) }]),
    ...(context === null ? [] : [{ label: 'Claimed by the agent', text: visibleJson(context, 2) }]),
  ]
}

/** All of it as one text, for a file or a mail. */
export function partsText(parts: readonly ShownPart[]): string {
  return parts.map(({ label, text }) => `${label}:\n${indented(text)}`).join('\n\n')
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}

/** What became of a request, once nobody is asked any more; undefined while it is pending. */
export function outcomeText({ state, decidedBy, decidedAt, reviews }: Proposal): string | undefined {
  if (state === 'pending') return undefined
  const who = decidedBy.length === 0 ? '' : ` by ${decidedBy.join(', ')}`
  const when = decidedAt === null ? '' : ` at ${decidedAt}`
  const last = reviews.at(-1)
  const why = state === 'rejected' && last?.reason ? `\n${last.category ?? 'other'}: ${last.reason}` : ''
  return visibleText(`${WORDS[state]}${who}${when}.${why}`)
}

const WORDS: Readonly<Record<Exclude<Proposal['state'], 'pending'>, string>> = {
  approved: 'Approved',
  rejected: 'Rejected',
  responded: 'Answered in place of the action',
  expired: 'Expired without a decision; it does not run',
  cancelled: 'Withdrawn',
  executing: 'Approved and running',
  succeeded: 'Approved; it ran and succeeded',
  failed: 'Approved; it ran and failed',
  outcome_unknown: 'Approved; whether it ran is not known',
}
