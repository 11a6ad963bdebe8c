import type { ChannelDesk, ProposalCard } from '@preceptor/client'
import type { Channel, ChannelNotification } from '../channel.ts'
import { maySettle } from '../decide-up-to.ts'
import { alertMail } from './alert-mail.ts'
import { type EmailOptions, type EmailSettings, parseEmailOptions } from './email-options.ts'
import { openTransport, type SendMail } from './mail-transport.ts'
import { requestMail } from './request-mail.ts'
import { testEmail } from './test-email.ts'

const EVENTS: readonly string[] = [
  'proposal.created',
  'proposal.edited',
  'proposal.returned',
  'proposal.extended',
  'proposal.escalated',
  'alert.raised',
  'alert.cleared',
]

/**
 * A channel that asks for approval by e-mail: one mail to each person who may decide, about each version. Alerts go to everybody
 * who has an address, with nothing in them that acts. Up to the risk of
 * `decideUpTo` it has a link to a page on which that person decides once, which `emailDecisions` serves.
 *
 * @throws GovernanceError `OPTION_INVALID`, also where nodemailer is not installed.
 * @example
 * ```ts
 * import { createGovernor } from '@preceptor/core'
 * import { emailChannel } from '@preceptor/hono-middleware/channels'
 *
 * const email = await emailChannel({
 *   smtp: { host: 'mail.example.com', user: 'preceptor', password: 'a password' },
 *   from: 'preceptor@example.com',
 *   recipients: { ana: 'ana@example.com' },
 *   decisionsUrl: 'https://gate.example/decide',
 * })
 * const governor = await createGovernor({ memory: true, channels: [email], publicUrl: 'https://gate.example/dashboard' })
 * await governor.close()
 * ```
 */
export async function emailChannel(options: EmailOptions): Promise<Channel> {
  const settings = parseEmailOptions(options)
  const transport = await openTransport(settings.smtp)
  const { sendMail } = transport
  return {
    name: settings.name,
    events: EVENTS,
    async send(notification, { desk }) {
      if (desk.workspace !== settings.workspace) return
      if (notification.type.startsWith('alert.')) return tellAlert({ settings, sendMail, desk }, notification)
      const users = usersOf(notification).filter((user) => Object.hasOwn(settings.recipients, user))
      if (users.length === 0) return
      const card = await desk.card(notification.subject)
      if (card.proposal.state !== 'pending') return
      await each(users, (user) => mailOnce({ settings, sendMail, desk }, { notification, card, user }))
    },
    test: (asked) => testEmail({ settings, transport }, asked),
  }
}

/** Does something for all of them, and then says what failed. */
async function each(users: readonly string[], tell: (user: string) => Promise<void>): Promise<void> {
  const sent = await Promise.allSettled(users.map(tell))
  const failed = sent.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

function usersOf({ type, data }: ChannelNotification): readonly string[] {
  const names = type === 'proposal.escalated' ? data.recipients : data.approvers
  if (!Array.isArray(names)) return []
  const users = names.flatMap((name) => (typeof name === 'string' && name.startsWith('user:') ? [name.slice(5)] : []))
  return [...new Set(users)]
}

interface MailPorts {
  readonly settings: EmailSettings
  readonly sendMail: SendMail
  readonly desk: ChannelDesk
}

interface Mailing {
  readonly notification: ChannelNotification
  readonly card: ProposalCard
  readonly user: string
}

/** Not cut off with the delivery: what the server has taken is kept, so that it is not sent twice. */
async function mailOnce({ settings, sendMail, desk }: MailPorts, { notification, card, user }: Mailing): Promise<void> {
  const { id, version } = card.proposal
  const isReminder = notification.type === 'proposal.escalated'
  const occasion = isReminder ? notification.id : `request:${version}`
  const key = { channel: settings.name, subject: id, part: `${occasion}:${user}` }
  if ((await desk.findMessage(key)) !== undefined) return
  const { from, recipients } = settings
  const to = recipients[user]
  if (to === undefined) return
  const decide = await linkFor({ settings, desk }, card, user)
  const mail = requestMail(card, { from, to, user, occasion, decide, review: desk.linkTo(id) })
  await sendMail(mail)
  await desk.keepMessage(key, { place: user, reference: mail.messageId, shown: `v${version}` })
}

/** Tells everybody who has an address of an alert, once: nothing in the mail acts. */
async function tellAlert({ settings, sendMail, desk }: MailPorts, notification: ChannelNotification): Promise<void> {
  const { name, from, recipients } = settings
  const { about } = notification.data
  const review = typeof about === 'string' && about.startsWith('prp_') ? desk.linkTo(about) : null
  await each(Object.keys(recipients), async (user) => {
    const key = { channel: name, subject: notification.subject, part: `${notification.id}:${user}` }
    const to = recipients[user]
    if (to === undefined || (await desk.findMessage(key)) !== undefined) return
    const mail = alertMail(notification, { from, to, user, review })
    await sendMail(mail)
    await desk.keepMessage(key, { place: user, reference: mail.messageId, shown: notification.type })
  })
}

async function linkFor(
  { settings, desk }: Pick<MailPorts, 'settings' | 'desk'>,
  { proposal }: ProposalCard,
  user: string,
): Promise<{ readonly url: string; readonly expiresAt: string } | null> {
  const { id, version, actionHash, risk } = proposal
  if (!maySettle(settings.decideUpTo, risk)) return null
  const link = await desk.createLink({ proposal: id, version, actionHash, user })
  return link && { url: `${settings.decisionsUrl}/${link.token}`, expiresAt: link.expiresAt }
}
