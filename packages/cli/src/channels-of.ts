import { GovernanceError } from '@preceptor/client'
import type { EmbeddedGovernor, GovernorOptions } from '@preceptor/core'
import type { DecideUpTo, EmailOptions, SlackOptions, SmtpServer } from '@preceptor/hono-middleware/channels'
import type { Hono } from 'hono'
import type { CliHost } from './command.ts'

/** Where what people decide outside the dashboard comes in, below the address of the server. */
const CHANNEL_PATHS = { slack: '/slack/interactions', email: '/decide' } as const

/** What the environment says of channels; what it names nothing of is not there. */
export interface ChannelPlan {
  readonly slack: SlackOptions | undefined
  readonly email: EmailOptions | undefined
}

type Env = CliHost['env']

/**
 * Reads the channels of the environment.
 *
 * @throws GovernanceError `OPTION_INVALID` for a channel of which a part is missing or not to be read.
 */
export function channelsOf(env: Env): ChannelPlan {
  return { slack: slackOf(env), email: emailOf(env) }
}

/** Opens the channels of a command that sends. @throws GovernanceError `OPTION_INVALID` */
export async function openChannels({ slack, email }: ChannelPlan): Promise<NonNullable<GovernorOptions['channels']>> {
  if (slack === undefined && email === undefined) return []
  const { emailChannel, slackChannel } = await import('@preceptor/hono-middleware/channels')
  return [
    ...(slack === undefined ? [] : [slackChannel(slack)]),
    ...(email === undefined ? [] : [await emailChannel(email)]),
  ]
}

/** Serves what people who were asked through channels come back by. */
export async function mountChannels(
  app: Hono,
  governor: EmbeddedGovernor,
  { slack, email, onFault }: ChannelPlan & { readonly onFault: (error: unknown) => void },
): Promise<void> {
  if (slack === undefined && email === undefined) return
  const { emailDecisions, slackInteractions } = await import('@preceptor/hono-middleware/channels')
  const told = { onFault: ({ error }: { readonly error: unknown }) => onFault(error) }
  if (slack !== undefined) app.route(CHANNEL_PATHS.slack, slackInteractions(governor, { ...slack, ...told }))
  if (email !== undefined) {
    app.route(CHANNEL_PATHS.email, emailDecisions(governor, { decideUpTo: email.decideUpTo, ...told }))
  }
}

/** Slack of the environment. @throws GovernanceError `OPTION_INVALID` */
export function slackOf(env: Env): SlackOptions | undefined {
  const { SLACK_BOT_TOKEN: token, SLACK_TEAM: team, SLACK_API_URL: apiUrl } = env
  if (!token) return undefined
  const [signingSecret, channel] = needed(env, 'SLACK_BOT_TOKEN', ['SLACK_SIGNING_SECRET', 'SLACK_CHANNEL'])
  return {
    token,
    signingSecret,
    channel,
    users: pairsOf(env, 'SLACK_USERS'),
    decideUpTo: decideUpToOf(env, 'PRECEPTOR_SLACK_DECIDE_UP_TO', 'medium'),
    ...(team ? { team } : {}),
    ...(apiUrl ? { apiUrl } : {}),
  }
}

/** E-mail of the environment. @throws GovernanceError `OPTION_INVALID` */
export function emailOf(env: Env): EmailOptions | undefined {
  const { SMTP_URL: url, PRECEPTOR_DECISIONS_URL: decisions } = env
  if (!url) return undefined
  const [from, publicUrl] = needed(env, 'SMTP_URL', ['SMTP_FROM', 'PRECEPTOR_PUBLIC_URL'])
  if (!URL.canParse(publicUrl)) throw invalid('PRECEPTOR_PUBLIC_URL is no address.')
  return {
    smtp: smtpOf(url),
    from,
    recipients: pairsOf(env, 'PRECEPTOR_EMAIL_RECIPIENTS'),
    decisionsUrl: decisions || `${new URL(publicUrl).origin}${CHANNEL_PATHS.email}`,
    decideUpTo: decideUpToOf(env, 'PRECEPTOR_EMAIL_DECIDE_UP_TO', 'safe'),
  }
}

const SCHEMES: Readonly<Record<string, SmtpServer['tls']>> = { 'smtps:': 'implicit', 'smtp:': 'required' }

function smtpOf(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const tls = url && SCHEMES[url.protocol]
  // What is wrong with it is not said by repeating it: it holds a password.
  if (url === undefined || tls === undefined || url.hostname === '') {
    throw invalid('SMTP_URL is no address such as smtps://user:password@mail.example.com:465.')
  }
  const { username, password, port } = url
  return {
    host: url.hostname,
    tls: url.searchParams.get('tls') === 'off' ? 'off' : tls,
    ...(port === '' ? {} : { port: Number(port) }),
    ...(username === '' ? {} : { user: decodeURIComponent(username), password: decodeURIComponent(password) }),
  }
}

function needed(env: Env, because: string, names: readonly [string, string]): [string, string] {
  const [first, second] = names.map((name) => env[name])
  if (first && second) return [first, second]
  throw invalid(`${because} is set, but not all that goes with it.`, `Set ${names.join(' and ')}.`)
}

/** Reads `U0123456789=ana,U0987654321=ben`. */
function pairsOf(env: Env, name: string): Readonly<Record<string, string>> {
  const pairs = (env[name] ?? '').split(',').filter((pair) => pair.trim() !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      const [key, value] = [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()]
      if (key === '' || value === '') throw invalid(`${name}: ${JSON.stringify(pair)} is no pair such as name=value.`)
      return [key, value]
    }),
  )
}

function decideUpToOf(env: Env, name: string, otherwise: DecideUpTo): DecideUpTo {
  const value = env[name] || otherwise
  if (value === 'none' || value === 'safe' || value === 'medium') return value
  throw invalid(`${name}: none, safe or medium is needed.`)
}

function invalid(message: string, hint?: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message, ...(hint === undefined ? {} : { hint }) })
}
