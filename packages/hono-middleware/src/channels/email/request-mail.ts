import { createHash } from 'node:crypto'
import type { ProposalCard } from '@preceptor/client'
import { visibleText } from '@preceptor/client'
import { partsText, requestDetails, requestFacts, riskText } from '../request-text.ts'
import { AUTOMATIC, mailBody, type Way } from './mail-body.ts'
import type { Mail } from './mail-transport.ts'

/** For whom a mail is, and where they go from it. */
export interface MailTarget {
  readonly from: string
  readonly to: string
  /** Id of the user. */
  readonly user: string
  /** What sets it apart from other mail about the same version. */
  readonly occasion: string
  /** Opens the page on which the recipient decides; null where a mail does not let them. */
  readonly decide: { readonly url: string; readonly expiresAt: string } | null
  /** The card in the dashboard. */
  readonly review: string | null
}

// What is longer is read better in a file than in a mail that programs cut off.
const MOST_IN_BODY = 8_000

/** The mail that asks for approval: all that is asked for, in the body or in a file, and nothing that acts by itself. */
export function requestMail(card: ProposalCard, target: MailTarget): Mail {
  const { proposal } = card
  const facts = requestFacts(card)
  const details = requestDetails(card)
  const isWhole = partsText(details).length <= MOST_IN_BODY
  const name = `${proposal.id}-v${proposal.version}.txt`
  const shown = [
    ...facts,
    ...(isWhole ? details : [{ label: 'Arguments', text: `All of them are in the attached file ${name}.` }]),
  ]
  const ways = waysOf(target, proposal)
  const domain = target.from.split('@').at(-1) ?? 'localhost'
  const thread = `<${proposal.id}@${domain}>`
  const own = createHash('sha256').update(`${target.user}\n${target.occasion}`).digest('hex').slice(0, 24)
  return {
    from: target.from,
    to: target.to,
    subject: visibleText(`${riskText(proposal.risk)}: ${proposal.agent} asks for ${proposal.action}`).replace(
      /\s+/g,
      ' ',
    ),
    ...mailBody('Approval asked for', shown, ways),
    messageId: `<${proposal.id}.v${proposal.version}.${own}@${domain}>`,
    inReplyTo: thread,
    references: thread,
    headers: AUTOMATIC,
    attachments: isWhole
      ? []
      : [{ filename: name, content: partsText([...facts, ...details]), contentType: 'text/plain; charset=utf-8' }],
  }
}

function waysOf({ decide, review, user }: MailTarget, { risk }: ProposalCard['proposal']): readonly Way[] {
  const ways: Way[] = []
  if (decide !== null) {
    const note = `Opens a page on which you decide as ${user}, once, until ${decide.expiresAt}. Do not pass it on: whoever has it decides in your name.`
    ways.push({ label: 'Decide', url: decide.url, note })
  }
  if (review !== null) {
    const why =
      decide === null
        ? `What is of ${risk} risk is decided there, after you have signed in.`
        : 'The same in the dashboard.'
    ways.push({ label: 'Review', url: review, note: why })
  }
  return ways
}
