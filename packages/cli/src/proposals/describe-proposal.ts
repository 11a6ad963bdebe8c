import {
  type ArgChange,
  type PreviewBlock,
  type Proposal,
  type ProposalCard,
  visibleJson,
  visibleText,
} from '@preceptor/client'
import { listing, plain } from '../table.ts'

/** A proposal for people. What somebody else wrote is shown whole, and what is hidden in it is seen. */
export function describeProposal(proposal: Proposal): string {
  const { decidedBy, decidedAt, response, runnableAt } = proposal
  return [
    listing([
      ['Proposal', `${proposal.id}, version ${proposal.version}`],
      ['Agent', `${proposal.agent}, ${proposal.maturity}`],
      ['Action', `${proposal.action}, ${proposal.risk} risk`],
      ...(proposal.resource === null ? [] : [['Resource', proposal.resource] as const]),
      [
        'State',
        decidedBy.length === 0 ? proposal.state : `${proposal.state}, by ${decidedBy.join(', ')} at ${decidedAt}`,
      ],
      ...(runnableAt === null ? [] : [['Runs from', runnableAt] as const]),
      ...(response === null ? [] : [['Answered', visibleJson(response)] as const]),
      ['Needs', `${proposal.requiredApprovals} ${proposal.requiredApprovals === 1 ? 'approval' : 'approvals'}`],
      ['Expires', proposal.expiresAt],
      ['Hash', proposal.actionHash],
    ]),
    `Args\n${visibleJson(proposal.args, 2)}`,
  ].join('\n\n')
}

/** The card of a proposal for people: everything that it is decided by. */
export function describeCard(card: ProposalCard): string {
  const { proposal, summary, risk, preview, changes, edits, masked, approvals, mayDecide, history, advice } = card
  return [
    plain(summary),
    describeProposal(proposal),
    ...(proposal.context === null ? [] : [`What the agent says\n${visibleJson(proposal.context, 2)}`]),
    ...(masked.length === 0 ? [] : [`Masked: ${plain(masked.join(', '))}`]),
    ...(risk.reasons.length === 0 ? [] : [`Risk\n${lines(risk.reasons)}`]),
    ...preview.map(describeBlock),
    ...changed('Against what it ran last', changes.entries),
    ...changed('Changed by reviewers', edits),
    listing([
      ['Approvals', `${approvals.given.length} of ${approvals.required}${by(approvals.given)}`],
      ['You', mayDecide.allowed ? 'may decide' : `may not decide: ${mayDecide.reason}`],
      [
        'So far',
        `${history.decided} decided, ${history.approvedUnchanged} as they were, ${history.edited} edited, ${history.rejected} rejected`,
      ],
      ...(advice === null ? [] : [['Advice', visibleJson(advice)] as const]),
    ]),
  ].join('\n\n')
}

function by(people: readonly string[]): string {
  return people.length === 0 ? '' : `, by ${people.join(', ')}`
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `  ${plain(text)}`).join('\n')
}

function changed(heading: string, entries: readonly ArgChange[]): readonly string[] {
  return entries.length === 0 ? [] : [`${heading}\n${entries.map((entry) => `  ${visibleJson(entry)}`).join('\n')}`]
}

function describeBlock(block: PreviewBlock): string {
  switch (block.kind) {
    case 'kv':
      return listing(block.items.map(({ label, value }) => [plain(label), String(value)]))
    case 'text':
      return visibleText(block.text)
    case 'warning':
      return `! ${plain(block.text)}`
    case 'code':
      return visibleText(block.code)
    case 'diff':
      return `before\n${visibleText(block.before)}\nafter\n${visibleText(block.after)}`
    default:
      return visibleJson(block)
  }
}
