import { isSampleSecret } from '@preceptor/client'
import type { CliHost } from '../command.ts'
import { loadPlugins } from '../plugins.ts'
import { type Check, type Finding, ok } from './check.ts'

type Environment = CliHost['env']

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', ''])
const OLDEST_POSTGRES = 15
const NO_URL: Finding = { state: 'skipped', message: 'DATABASE_URL is not set' }

/** The checks of what a server that is started here would stand on. */
export function databaseChecks(env: Environment): readonly Check[] {
  return [
    { name: 'production', run: async () => checkProduction(env) },
    { name: 'secrets', run: async () => checkSecrets(env) },
    { name: 'database', run: async () => checkDatabase(env) },
    { name: 'schema', run: async () => checkSchema(env) },
    { name: 'redis', run: async () => checkRedis(env) },
    { name: 'checkpoints', run: async () => checkCheckpoints(env) },
    { name: 'public-url', run: async () => checkPublicUrl(env) },
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
  const { name, superuser, bypassesRowSecurity, encrypted, release } = await readDatabaseRole({ database: url })
  if (release < OLDEST_POSTGRES) {
    const advice = `Use Postgres ${OLDEST_POSTGRES} or newer.`
    return { state: 'failed', message: `The database server is Postgres ${release}.`, advice }
  }
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

/** A server refuses to start on another schema. */
async function checkSchema({ DATABASE_URL: url }: Environment): Promise<Finding> {
  if (!url) return NO_URL
  const { readSchema } = await import('@preceptor/core')
  const { state, pending, blocking } = await readSchema({ database: url, plugins: await loadPlugins() })
  switch (state) {
    case 'current':
      return ok('the schema is that of this release')
    case 'missing':
    case 'older': {
      const message = `The database lacks ${pending.length} migrations of this release.`
      return { state: 'failed', message, advice: 'Run "preceptor db apply".', code: 'DATABASE_OLDER' }
    }
    case 'newer': {
      const message = `The database is of a newer release: ${blocking.join(', ')}.`
      return { state: 'failed', message, advice: 'Use that release here, too.', code: 'DATABASE_NEWER' }
    }
    case 'changed': {
      const message = `The database was made by other migrations: ${blocking.join(', ')}.`
      return { state: 'failed', message, advice: 'Use the release that made it.', code: 'DATABASE_CHANGED' }
    }
    default:
      return state satisfies never
  }
}

/** Jobs that are evicted are found again, but late. */
async function checkRedis({ REDIS_URL: url }: Environment): Promise<Finding> {
  if (!url) return { state: 'skipped', message: 'REDIS_URL is not set: jobs stand in the database' }
  const { readRedisServer } = await import('@preceptor/core')
  const { version, evictionPolicy } = await readRedisServer(url)
  if (evictionPolicy === null || evictionPolicy === 'noeviction') return ok(`Redis ${version}, which evicts nothing`)
  const message = `Redis evicts jobs when its memory is full (${evictionPolicy}).`
  return { state: 'failed', message, advice: 'Set maxmemory-policy to noeviction.' }
}

/** Without signed heads outside the database, nobody can tell that its journal was written anew. */
function checkCheckpoints({ NODE_ENV, PRECEPTOR_CHECKPOINTS: store }: Environment): Finding {
  if (store) return ok(`the journal is signed into ${store}`)
  if (NODE_ENV !== 'production') return { state: 'skipped', message: 'PRECEPTOR_CHECKPOINTS is not set' }
  const advice = 'Set PRECEPTOR_CHECKPOINTS to a place outside the database, and PRECEPTOR_CHECKPOINT_KEY.'
  return { state: 'warning', message: 'No signed head of the journal is kept.', advice }
}

/** Links of notifications lead there, and cookies of people go there. */
function checkPublicUrl({ NODE_ENV, PRECEPTOR_PUBLIC_URL: text }: Environment): Finding {
  const advice = 'Set PRECEPTOR_PUBLIC_URL to the address of the dashboard, such as https://desk.example.com/dashboard.'
  if (!text) {
    if (NODE_ENV !== 'production') return { state: 'skipped', message: 'PRECEPTOR_PUBLIC_URL is not set' }
    return { state: 'warning', message: 'Notifications link to nothing: PRECEPTOR_PUBLIC_URL is not set.', advice }
  }
  if (!URL.canParse(text)) return { state: 'failed', message: 'PRECEPTOR_PUBLIC_URL is no address.', advice }
  const { protocol, hostname } = new URL(text)
  if (protocol === 'https:' || LOOPBACK.has(hostname)) return ok(`people decide at ${text}`)
  return { state: 'failed', message: 'People would decide over a connection that anybody can read.', advice }
}
