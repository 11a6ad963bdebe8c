import { GovernanceError } from '@preceptor/client'
import type { SmtpServer } from './email-options.ts'

/** A mail to one person. */
export interface Mail {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly messageId: string
  readonly inReplyTo: string
  readonly references: string
  readonly headers: Readonly<Record<string, string>>
  readonly attachments: readonly { readonly filename: string; readonly content: string; readonly contentType: string }[]
}

/** Hands mail to a server; resolves when the server has taken it. */
export type SendMail = (mail: Mail) => Promise<void>

/** The way to a mail server. */
export interface MailTransport {
  readonly sendMail: SendMail
  /** Connects and signs in, and sends nothing; throws what went wrong. */
  readonly verify: () => Promise<void>
}

const TIMEOUT_MS = 10_000

/**
 * Opens the way to a server.
 *
 * @throws GovernanceError `OPTION_INVALID` where nodemailer is not installed.
 */
export async function openTransport({
  host,
  port,
  user,
  password,
  tls = 'required',
}: SmtpServer): Promise<MailTransport> {
  const { createTransport } = await loadNodemailer()
  const transport = createTransport({
    host,
    port: port ?? (tls === 'implicit' ? 465 : 587),
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'off',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // Nothing of a mail is read from a file or an address, whatever stands in it.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    sendMail: async (mail) => {
      await transport.sendMail({ ...mail, attachments: [...mail.attachments] })
    },
    verify: async () => {
      await transport.verify()
    },
  }
}

async function loadNodemailer(): Promise<typeof import('nodemailer')> {
  try {
    return await import('nodemailer')
  } catch (cause) {
    throw new GovernanceError('OPTION_INVALID', {
      message: 'E-mail: nodemailer is not installed, by which mail is sent.',
      hint: 'npm install nodemailer',
      cause,
    })
  }
}
