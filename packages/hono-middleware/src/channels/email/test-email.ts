import { createHash, randomUUID } from 'node:crypto'
import { visibleText } from '@preceptor/client'
import type { ChannelTest, ChannelTestOptions } from '../channel.ts'
import type { EmailSettings } from './email-options.ts'
import type { Mail, MailTransport } from './mail-transport.ts'

const TEXT = 'This is a test of Preceptor: nothing needs to be done. Requests for approval come to this address.'
const MOST_SAID = 200

/** What a test stands on. */
export interface EmailTestPorts {
  readonly settings: EmailSettings
  readonly transport: MailTransport
}

/** Signs in to the mail server, and when told to sends one mail to each address; never throws. */
export async function testEmail(
  { settings, transport }: EmailTestPorts,
  { send = false, to }: ChannelTestOptions = {},
): Promise<ChannelTest> {
  const { recipients, smtp } = settings
  const users = Object.keys(recipients).filter((user) => to === undefined || to.includes(user))
  try {
    if (!send) {
      await transport.verify()
      return { outcome: 'ok', message: `${smtp.host} takes mail from here; ${users.length} addresses are known` }
    }
  } catch (error) {
    return { outcome: 'failed', message: `${smtp.host}: ${saidBy(error)}` }
  }
  if (users.length === 0) return { outcome: 'failed', message: 'Nobody to mail a test to has an address.' }
  const sent = await Promise.allSettled(users.map((user) => transport.sendMail(testMail(settings, user))))
  const failed = users.flatMap((user, index) => {
    const one = sent[index]
    return one?.status === 'rejected' ? [`${user}: ${saidBy(one.reason)}`] : []
  })
  if (failed.length > 0) return { outcome: 'failed', message: failed.join('; ') }
  return { outcome: 'ok', message: `${smtp.host} took a test for ${users.join(', ')}` }
}

function testMail({ from, recipients }: EmailSettings, user: string): Mail {
  const domain = from.split('@').at(-1) ?? 'localhost'
  const own = createHash('sha256').update(`${user}\n${randomUUID()}`).digest('hex').slice(0, 24)
  const thread = `<test.${own}@${domain}>`
  return {
    from,
    to: recipients[user] ?? '',
    subject: 'A test of Preceptor',
    text: `${TEXT}\n`,
    html: `<p>${TEXT}</p>`,
    messageId: thread,
    inReplyTo: thread,
    references: thread,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    attachments: [],
  }
}

/** The word and the answer of the server; what it answers to a password has no password in it. */
function saidBy(error: unknown): string {
  const { code, response } = Object(error)
  const parts = [code, response].filter((part) => typeof part === 'string')
  return parts.length === 0 ? 'it is not reached' : visibleText(parts.join(', ')).slice(0, MOST_SAID)
}
