import { GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import type { DecideUpTo } from '../decide-up-to.ts'

/** The server that takes mail. */
export interface SmtpServer {
  readonly host: string
  /** Default 465 with `tls: 'implicit'`, else 587. */
  readonly port?: number | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  /**
   * `required` (default) begins in clear and goes no further without STARTTLS, `implicit` speaks TLS from the first byte,
   * `off` is for a server on the same machine.
   */
  readonly tls?: 'required' | 'implicit' | 'off' | undefined
}

/** How people are asked by e-mail. */
export interface EmailOptions {
  readonly smtp: SmtpServer
  /** Address that the mail is from. */
  readonly from: string
  /** Addresses by the ids of users of the workspace: `{ ana: 'ana@example.com' }`. Who has none gets no mail. */
  readonly recipients: Readonly<Record<string, string>>
  /** Where `emailDecisions` is mounted, as people reach it: `https://gate.example/decide`. */
  readonly decisionsUrl: string
  /** The workspace whose requests are mailed; default `default`. What happens in others is never mailed. */
  readonly workspace?: string | undefined
  /**
   * Up to which risk a mail has a link to decide with; default `safe`, at most `medium`. What is above leads to the
   * dashboard, where people sign in.
   */
  readonly decideUpTo?: DecideUpTo | undefined
  /** Name of the channel, where there are several; default `email`. */
  readonly name?: string | undefined
}

/** The same, complete. */
export interface EmailSettings extends EmailOptions {
  readonly workspace: string
  readonly decideUpTo: DecideUpTo
  readonly name: string
}

const address = z.email().max(320)
const options = z.strictObject({
  smtp: z.strictObject({
    host: z.string().min(1).max(253),
    port: z.int().min(1).max(65_535).optional(),
    user: z.string().max(500).optional(),
    password: z.string().max(500).optional(),
    tls: z.enum(['required', 'implicit', 'off']).optional(),
  }),
  from: address,
  recipients: z.record(z.string().min(1).max(200), address),
  decisionsUrl: z.url({ protocol: /^https?$/ }).max(1_000),
  workspace: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/)
    .default('default'),
  decideUpTo: z.enum(['none', 'safe', 'medium']).default('safe'),
  name: z
    .string()
    .regex(/^[a-z0-9_-]{1,63}$/)
    .default('email'),
})

/** @throws GovernanceError `OPTION_INVALID`; what it says has no secret in it. */
export function parseEmailOptions(given: EmailOptions): EmailSettings {
  const { success, data, error } = options.safeParse(given)
  if (success) return { ...data, decisionsUrl: data.decisionsUrl.replace(/\/+$/, '') }
  const [issue] = error.issues
  throw new GovernanceError('OPTION_INVALID', {
    message: `E-mail: ${issue?.path.slice(0, 2).join('.') || 'options'}: ${issue?.message ?? 'not valid'}.`,
  })
}
