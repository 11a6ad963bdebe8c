import { isSampleSecret } from '@preceptor/client'
import type { CliHost } from '../command.ts'
import { type Check, type Finding, ok } from './check.ts'

type Environment = CliHost['env']

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', ''])
const NO_URL: Finding = { state: 'skipped', message: 'DATABASE_URL is not set' }

/** The checks of what a server that is started here would stand on. */
export function databaseChecks(env: Environment): readonly Check[] {
  return [
    { name: 'production', run: async () => checkProduction(env) },
    { name: 'secrets', run: async () => checkSecrets(env) },
    { name: 'database', run: async () => checkDatabase(env) },
  ]
}

/** The embedded database loses what the disk had not written when the power goes. */
function checkProduction({ NODE_ENV, DATABASE_URL }: Environment): Finding {
  if (NODE_ENV !== 'production') return ok('this is no production')
  if (DATABASE_URL) return ok('production, on a database server')
  const advice = 'Set DATABASE_URL to a Postgres server.'
  return { state: 'failed', message: 'Production on the embedded database.', advice, code: 'EMBEDDED_IN_PRODUCTION' }
}

/** A secret out of documentation is known to everybody. */
function checkSecrets(env: Environment): Finding {
  const passwords = (['DATABASE_URL', 'REDIS_URL'] as const).flatMap((name) => {
    const password = passwordIn(env[name])
    return password !== undefined && isSampleSecret(password) ? [name] : []
  })
  const token = env.PRECEPTOR_TOKEN && isSampleSecret(env.PRECEPTOR_TOKEN) ? ['PRECEPTOR_TOKEN'] : []
  const found = [...passwords, ...token]
  if (found.length === 0) return ok('no secret of the environment is one out of documentation')
  const message = `Out of documentation, so known to everybody: the secret in ${found.join(', ')}.`
  return { state: 'failed', message, advice: 'Make a random one.' }
}

function passwordIn(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined
  const { password } = new URL(url)
  return password === '' ? undefined : decode(password)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function checkDatabase({ DATABASE_URL: url }: Environment): Promise<Finding> {
  if (!url) return NO_URL
  // Loaded where it is needed, as every command does.
  const { readDatabaseRole } = await import('@preceptor/core')
  const { name, superuser, bypassesRowSecurity, encrypted } = await readDatabaseRole({ database: url })
  if (superuser || bypassesRowSecurity) {
    const what = superuser ? 'is a superuser' : 'passes by row-level security'
    const advice = 'Log in as a role that owns the tables of the product and nothing else.'
    return { state: 'failed', message: `The database role ${name} ${what}.`, advice, code: 'DATABASE_ROLE_UNSAFE' }
  }
  const isLocal = URL.canParse(url) && LOOPBACK.has(new URL(url).hostname)
  if (encrypted || isLocal) return ok(`the role ${name}, ${encrypted ? 'over TLS' : 'on this machine'}`)
  const advice = 'Add sslmode=verify-full to DATABASE_URL.'
  return { state: 'warning', message: `The role ${name} is reached without TLS.`, advice }
}
