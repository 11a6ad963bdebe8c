import type { Command, Flag } from './command.ts'
import { exampleOf } from './examples.ts'
import { EXIT_CODES } from './exit-codes.ts'

/** The flags of every command. */
export const COMMON_FLAGS: Readonly<Record<string, Flag>> = {
  json: { summary: 'print one JSON document' },
  help: { summary: 'print this' },
}

const EXITS = `Exit codes: ${Object.entries(EXIT_CODES)
  .map(([code, meaning]) => `${code} ${meaning}`)
  .join(';\n  ')}.`
/** What every command reads of its environment. */
export const ENVIRONMENT: string = [
  'Environment: PRECEPTOR_URL and PRECEPTOR_TOKEN (a running server and a key of it), DATABASE_URL (a Postgres server),',
  'REDIS_URL (jobs on Redis), PRECEPTOR_PUBLIC_URL (where people decide: notifications link to it),',
  'PRECEPTOR_OUTBOUND_ALLOW (origins that webhooks may have besides public https ones),',
  'PRECEPTOR_RATE_LIMITS ("off", or groups such as principal=2000/10,agent=off: so many in so many seconds),',
  'PRECEPTOR_TRUSTED_PROXIES (how many of your own stand in front),',
  'PRECEPTOR_ALLOWED_HOSTS (names by which serve is called, such as desk.example.com), NODE_ENV=production,',
  'PRECEPTOR_JWT_ISSUER, _AUDIENCE, _KEYS (whose access tokens are taken beside API keys),',
  'PRECEPTOR_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _LABEL, _WORKSPACE (who else signs people in to the dashboard),',
  'SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_CHANNEL, SLACK_USERS, SLACK_TEAM, SLACK_API_URL, PRECEPTOR_SLACK_DECIDE_UP_TO (asks in Slack),',
  'SMTP_URL, SMTP_FROM, PRECEPTOR_EMAIL_RECIPIENTS, PRECEPTOR_EMAIL_DECIDE_UP_TO, PRECEPTOR_DECISIONS_URL (asks by e-mail).',
].join('\n')

/** The help of the program. */
export function programHelp(commands: readonly Command[]): string {
  const rows = commands.map((command) => [headOf(command), command.summary] as const)
  return [
    'Usage: preceptor <command> [options]',
    table(rows),
    'Every command takes --json and --help; --version prints the version.',
    EXITS,
    ENVIRONMENT,
  ].join('\n\n')
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const flags = Object.entries({ ...command.flags, ...COMMON_FLAGS })
  const rows = flags.map(([name, flag]) => [flagHead(name, flag), flagText(flag)] as const)
  return [
    `Usage: preceptor ${headOf(command)} [options]`,
    `${command.summary}.`,
    `Example: ${exampleOf(command.name)}`,
    table(rows),
    EXITS,
    ENVIRONMENT,
  ].join('\n\n')
}

/** The name of a command and what stands after it. */
export function headOf({ name, words }: Command): string {
  return [name, ...words].join(' ')
}

/** A flag as it is written. */
export function flagHead(name: string, { value }: Flag): string {
  return `--${name}${value ? ` ${value}` : ''}`
}

/** What a flag is for. */
export function flagText({ summary, required, choices }: Flag): string {
  const values = choices === undefined ? '' : `: ${choices.join(', ')}`
  return `${summary}${values}${required === true ? ' (required)' : ''}`
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([head]) => head.length)) + 2
  return rows.map(([head, text]) => `  ${head.padEnd(width)}${text}`).join('\n')
}
