import { createHash } from 'node:crypto'
import { visibleText } from '@preceptor/client'
import type { ChannelNotification } from '../channel.ts'
import { AUTOMATIC, mailBody } from './mail-body.ts'
import type { Mail } from './mail-transport.ts'

/** Whom a mail about an alert is for. */
export interface AlertTarget {
  readonly from: string
  readonly to: string
  /** Id of the user. */
  readonly user: string
  /** The proposal that it is about, in the dashboard; null where it is about something else. */
  readonly review: string | null
}

/** The mail that tells that something is wrong, or no longer: nothing in it acts. Both stand in one thread. */
export function alertMail(
  { id, type, subject, timestamp, agent, data }: ChannelNotification,
  target: AlertTarget,
): Mail {
  const said = (name: string): string => (typeof data[name] === 'string' ? data[name] : '')
  const what = type === 'alert.raised' ? 'Alert' : 'No longer so'
  const facts = [
    { label: what, text: said('code') },
    { label: 'Severity', text: said('severity') },
    { label: 'Message', text: said('message') },
    { label: 'About', text: said('about') },
    { label: 'Agent', text: agent ?? '' },
    { label: type === 'alert.raised' ? 'Since' : 'Until', text: timestamp },
  ].filter(({ text }) => text !== '')
  const ways = target.review === null ? [] : [{ label: 'Review', url: target.review, note: 'Opens the dashboard.' }]
  const domain = target.from.split('@').at(-1) ?? 'localhost'
  const thread = `<${subject}@${domain}>`
  const own = createHash('sha256').update(`${target.user}\n${id}`).digest('hex').slice(0, 24)
  const shown = facts.map(({ label, text }) => ({ label, text: visibleText(text) }))
  return {
    from: target.from,
    to: target.to,
    subject: visibleText(
      `${what}: ${[said('severity'), said('code')].filter((text) => text !== '').join(' ')}`,
    ).replace(/\s+/g, ' '),
    ...mailBody(what, shown, ways),
    messageId: `<${subject}.${own}@${domain}>`,
    inReplyTo: thread,
    references: thread,
    headers: AUTOMATIC,
    attachments: [],
  }
}
