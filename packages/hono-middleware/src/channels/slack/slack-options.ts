import { GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import type { DecideUpTo } from '../decide-up-to.ts'

/** How a Slack channel is reached, and who is who in it. */
export interface SlackOptions {
  /** Bot token of the app: `xoxb-…`. */
  readonly token: string
  /** Signing secret of the app, by which what comes from Slack is known. */
  readonly signingSecret: string
  /** Id of the channel that is told, such as `C0123456789`. */
  readonly channel: string
  /** Ids of users of the workspace by the ids of their Slack accounts: `{ U0123456789: 'ana' }`. Nobody else decides there. */
  readonly users: Readonly<Record<string, string>>
  /** The workspace whose requests are told there; default `default`. What happens in others is never told. */
  readonly workspace?: string | undefined
  /** Id of the Slack team, such as `T0123456789`; with it, clicks of other teams are refused. */
  readonly team?: string | undefined
  /** Up to which risk there are buttons to decide with; default `medium`, which is also the most. */
  readonly decideUpTo?: DecideUpTo | undefined
  /** Name of the channel, where there are several; default `slack`. */
  readonly name?: string | undefined
  /** Address of the Web API; default `https://slack.com/api/`. */
  readonly apiUrl?: string | undefined
  /** Milliseconds since the epoch; default the clock of the machine. */
  readonly now?: (() => number) | undefined
}

/** The same, complete. */
export interface SlackSettings extends Omit<SlackOptions, 'team'> {
  readonly workspace: string
  readonly team: string | undefined
  readonly decideUpTo: DecideUpTo
  readonly name: string
  readonly apiUrl: string
  readonly now: () => number
}

const options = z.strictObject({
  token: z.string().min(1).max(500),
  signingSecret: z.string().min(16).max(500),
  channel: z.string().regex(/^[CGD][A-Z0-9]{2,30}$/, 'the id of a channel, such as C0123456789'),
  users: z.record(
    z.string().regex(/^[UW][A-Z0-9]{2,30}$/, 'ids of Slack accounts, such as U0123456789'),
    z.string().min(1).max(200),
  ),
  workspace: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/)
    .default('default'),
  team: z
    .string()
    .regex(/^[TE][A-Z0-9]{2,30}$/)
    .optional(),
  decideUpTo: z.enum(['none', 'safe', 'medium']).default('medium'),
  name: z
    .string()
    .regex(/^[a-z0-9_-]{1,63}$/)
    .default('slack'),
  apiUrl: z.url({ protocol: /^https?$/ }).default('https://slack.com/api/'),
  now: z.custom<() => number>((now) => typeof now === 'function').default(() => Date.now),
})

/** @throws GovernanceError `OPTION_INVALID`; what it says has no secret in it. */
export function parseSlackOptions(given: SlackOptions): SlackSettings {
  const { success, data, error } = options.safeParse(given)
  if (success) return { ...data, team: data.team, apiUrl: data.apiUrl.endsWith('/') ? data.apiUrl : `${data.apiUrl}/` }
  const [issue] = error.issues
  throw new GovernanceError('OPTION_INVALID', {
    message: `Slack: ${issue?.path.slice(0, 1).join('.') || 'options'}: ${issue?.message ?? 'not valid'}.`,
  })
}
