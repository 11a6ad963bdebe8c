import { parseArgs } from 'node:util'
import { GovernanceError } from '@preceptor/client'

/** What the demo is asked to do. */
export interface DemoOptions {
  /** A port that was asked for; without one it is 4600 or the next free one. */
  readonly port: number | undefined
  /** End after the round instead of serving. */
  readonly once: boolean
  readonly json: boolean
  readonly newKey: boolean
  /** File to which every decision that a client received is appended. */
  readonly received: string | undefined
  /** File of the shop's book. */
  readonly effects: string
  readonly database: string | undefined
  readonly redis: string | undefined
  readonly production: boolean
  /** A real model, instead of the scripted one. */
  readonly openai: { readonly apiKey: string; readonly model: string } | undefined
}

/** Folder of everything that the demo keeps. */
export const FOLDER = '.preceptor'

export const HELP = `Usage: npm start -- [options]

Runs four agents of four maturities on the same real actions, through LangChain, over HTTP and over MCP, shows what each
was allowed to do and why, and keeps serving the control plane until it is told to stop.

  --once             end after the round instead of serving
  --json             print one JSON document; everything else goes to standard error
  --port <number>    port of the control plane; default 4600 or the next free one
  --new-key          replace the administrator key: the one before is revoked
  --received <file>  append every decision that a client received, one JSON line each, at the moment it is received
  --effects <file>   keep the shop's book, one JSON line for each effect, in this file; default ${FOLDER}/shop.jsonl
  --help             print this

Environment
  DATABASE_URL       use this Postgres instead of the embedded database in ${FOLDER}/
  REDIS_URL          run the jobs on this Redis instead of on the database
  OPENAI_API_KEY     let a real model drive the agents; OPENAI_MODEL names it (default gpt-5-mini)
`

const FLAGS = {
  once: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  'new-key': { type: 'boolean', default: false },
  port: { type: 'string' },
  received: { type: 'string' },
  effects: { type: 'string', default: `${FOLDER}/shop.jsonl` },
  help: { type: 'boolean', default: false },
} as const

/**
 * Reads the options; undefined when only help is wanted.
 *
 * @throws GovernanceError `OPTION_INVALID` naming the option.
 */
export function parseDemoOptions(args: readonly string[], env: NodeJS.ProcessEnv): DemoOptions | undefined {
  const values = readFlags(args)
  if (values.help) return undefined
  const apiKey = env.OPENAI_API_KEY
  return {
    port: values.port === undefined ? undefined : parsePort(values.port),
    once: values.once,
    json: values.json,
    newKey: values['new-key'],
    received: values.received,
    effects: values.effects,
    database: env.DATABASE_URL || undefined,
    redis: env.REDIS_URL || undefined,
    production: env.NODE_ENV === 'production',
    openai: apiKey ? { apiKey, model: env.OPENAI_MODEL || 'gpt-5-mini' } : undefined,
  }
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new GovernanceError('OPTION_INVALID', { message, hint: 'See --help for the options.' })
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new GovernanceError('OPTION_INVALID', { message: `Option --port: ${JSON.stringify(text)} is no port.` })
}
