import type { ProposalCard } from '@preceptor/client'
import { type DecideUpTo, maySettle } from '../decide-up-to.ts'
import { outcomeText, partsText, requestDetails, requestFacts, riskText, type ShownPart } from '../request-text.ts'

/** Ids of the buttons. */
export const BUTTONS = { approve: 'preceptor_approve', reject: 'preceptor_reject', review: 'preceptor_review' } as const

/** A message of Slack. */
export interface SlackMessage {
  /** What is shown where blocks are not; nothing of an agent stands in it. */
  readonly text: string
  readonly blocks: readonly object[]
}

/** How a request is shown in Slack. */
export interface ShownRequest {
  readonly message: SlackMessage
  /** What did not fit into the message, whole; null when all of it is there. */
  readonly file: { readonly name: string; readonly text: string } | null
}

// Slack takes 3,000 characters a text; beyond that a file is easier to read than several texts.
const MOST_CHARACTERS = 2_800
const MOST_OF_ALL = 9_000

/**
 * Shows a request. All that agents wrote stands in elements of rich text, in which Slack reads no mentions, no links and
 * no marks; what does not fit is a file, whole, and then there are no buttons to decide with.
 */
export function requestBlocks(
  card: ProposalCard,
  options: { readonly decideUpTo: DecideUpTo; readonly link: string | null; readonly value: string },
): ShownRequest {
  const { proposal } = card
  const facts = requestFacts(card)
  const details = requestDetails(card)
  const isWhole = fits([...facts, ...details])
  const outcome = outcomeText(proposal)
  const mayDecide = outcome === undefined && isWhole && maySettle(options.decideUpTo, proposal.risk)
  const where = options.link === null ? 'the dashboard' : 'the dashboard (Review)'
  const how = mayDecide ? [] : [note(isWhole ? `This is decided in ${where}.` : inFile(facts, details, where))]
  const body = isWhole ? [...shown(facts), ...shown(details)] : shown(facts.filter(isShort))
  return {
    message: {
      text: outcome === undefined ? `Approval asked for: ${riskText(proposal.risk)}` : 'A request for approval is over',
      blocks: [
        heading(outcome === undefined ? `Approval asked for: ${riskText(proposal.risk)}` : outcome),
        ...body,
        ...(outcome === undefined ? how : []),
        ...buttons(mayDecide ? options.value : null, options.link, card),
      ],
    },
    file: isWhole ? null : { name: `${proposal.id}-v${proposal.version}.txt`, text: partsText([...facts, ...details]) },
  }
}

function isShort({ text }: ShownPart): boolean {
  return text.length <= MOST_CHARACTERS
}

/** As Slack counts it, which escapes what is marked. */
function fits(parts: readonly ShownPart[]): boolean {
  const sizes = parts.map(({ text }) => JSON.stringify(text).length)
  return sizes.every((size) => size <= MOST_CHARACTERS) && sizes.reduce((sum, size) => sum + size, 0) <= MOST_OF_ALL
}

function inFile(facts: readonly ShownPart[], details: readonly ShownPart[], where: string): string {
  const size = partsText([...facts, ...details]).length
  return `What is asked for is too long for a message: all ${size} characters of it are in the file in the thread. This is decided in ${where}.`
}

function heading(text: string): object {
  return rich({ type: 'rich_text_section', elements: [{ type: 'text', text, style: { bold: true } }] })
}

function note(text: string): object {
  return rich({ type: 'rich_text_section', elements: [{ type: 'text', text, style: { italic: true } }] })
}

function shown(parts: readonly ShownPart[]): readonly object[] {
  return parts.map(({ label, text }) =>
    rich(
      { type: 'rich_text_section', elements: [{ type: 'text', text: label, style: { bold: true } }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: text === '' ? ' ' : text }] },
    ),
  )
}

function rich(...elements: readonly object[]): object {
  return { type: 'rich_text', elements }
}

function buttons(value: string | null, link: string | null, { proposal }: ProposalCard): readonly object[] {
  const decide = value === null ? [] : decideButtons(value, proposal)
  const review = link === null ? [] : [button(BUTTONS.review, 'Review', { url: link })]
  const elements = [...decide, ...review]
  return elements.length === 0 ? [] : [{ type: 'actions', block_id: 'preceptor_decide', elements }]
}

function decideButtons(value: string, { version, actionHash }: ProposalCard['proposal']): readonly object[] {
  const confirm = {
    title: plain('Approve this?'),
    text: plain(`Version ${version} may run once, exactly as it is shown. Hash ${actionHash.slice(0, 16)}…`),
    confirm: plain('Approve'),
    deny: plain('Back'),
  }
  return [
    button(BUTTONS.approve, 'Approve', { value, style: 'primary', confirm }),
    button(BUTTONS.reject, 'Reject…', { value, style: 'danger' }),
  ]
}

function button(id: string, label: string, rest: object): object {
  return { type: 'button', action_id: id, text: plain(label), ...rest }
}

/** A text in which Slack reads nothing. */
export function plain(text: string): object {
  return { type: 'plain_text', text, emoji: false }
}
