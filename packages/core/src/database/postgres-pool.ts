import { GovernanceError } from '@preceptor/client'
import pg from 'pg'
import { databaseErrorCode, toDatabaseFault } from './database-error.ts'
import { guardPool } from './guard-pool.ts'
import type { Pool } from './pool.ts'

/** How a pool on a server behaves; times in milliseconds. */
export interface PostgresPoolOptions {
  /** A statement outside `inWorkspace` may run this long; 0 for no bound. */
  readonly statementDeadlineMs: number
  readonly connectWithinMs: number
  readonly max?: number
  /** Schemas in which unqualified names are looked up. */
  readonly searchPath?: string
}

/** Where a pool connects to: an address, or the settings of another pool. */
export type PostgresTarget = { readonly url: string } | { readonly pool: Pool }

const SCHEMA_LIST = /^[a-z_][a-z0-9_]*(?:, ?[a-z_][a-z0-9_]*)*$/
const KEEP_ALIVE_AFTER_MS = 10_000

/** A `pg` pool. Settings of a session are left alone, so that it works behind a pooler, unless a search path is asked for. */
export function createPostgresPool(target: PostgresTarget, options: PostgresPoolOptions): Pool {
  const { searchPath, statementDeadlineMs, connectWithinMs, max = 10 } = options
  if (searchPath !== undefined && !SCHEMA_LIST.test(searchPath)) {
    throw new TypeError(`The search path "${searchPath}" is not a list of schemas.`)
  }
  const pool = new pg.Pool({
    ...('url' in target ? { connectionString: target.url } : settingsOf(target.pool)),
    max,
    application_name: 'preceptor',
    // What does not wait for an answer is sent at once; transactions send little so, and wait for all of it.
    pipeline: true,
    connectionTimeoutMillis: connectWithinMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    ...(searchPath === undefined ? {} : { onConnect: (client) => client.query(`set search_path to ${searchPath}`) }),
  })
  if (statementDeadlineMs > 0) boundStatements(pool, statementDeadlineMs)
  return guardPool(pool)
}

/**
 * Bounds what goes straight through the pool; transactions bring their own bound. It stands on the client, because a
 * pooler refuses a statement_timeout at the start of a session.
 */
function boundStatements(pool: pg.Pool, milliseconds: number): void {
  const unbounded: (...request: readonly unknown[]) => unknown = pool.query.bind(pool)
  const query = (statement: unknown, ...rest: readonly unknown[]): unknown => {
    if (typeof statement === 'string') return unbounded({ text: statement, query_timeout: milliseconds }, ...rest)
    const plain = typeof statement === 'object' && statement !== null && !('submit' in statement)
    return unbounded(plain ? { query_timeout: milliseconds, ...statement } : statement, ...rest)
  }
  Object.assign(pool, { query })
}

function settingsOf(pool: Pool): pg.PoolConfig {
  if (!('options' in pool) || typeof pool.options !== 'object' || pool.options === null) {
    throw new GovernanceError('OPTION_INVALID', { message: 'The given pool is not a pool of `pg`.' })
  }
  // `pg` hides the password from enumeration.
  const password: unknown = Reflect.get(pool.options, 'password')
  return { ...pool.options, ...(typeof password === 'string' ? { password } : {}) }
}

/**
 * Checks that the server answers.
 *
 * @throws GovernanceError `DATABASE_MISSING` when it cannot be reached at this address, `STORE_UNAVAILABLE` when it is
 * there and does not take more work.
 */
export async function requireServer(pool: Pool, place: string): Promise<void> {
  try {
    await pool.query('select 1')
  } catch (error) {
    const fault = toDatabaseFault(error)
    const code = databaseErrorCode(error) ?? ''
    // A server that is starting, stopping or full exists; everything else here means a wrong address or password.
    const exists = /^(?:53|57)...$/.test(code)
    if (!GovernanceError.isInstance(fault)) throw fault
    throw new GovernanceError(exists ? 'STORE_UNAVAILABLE' : 'DATABASE_MISSING', {
      message: `The database at ${place} cannot be reached (${code === '' ? 'no answer' : code}).`,
      cause: error,
    })
  }
}

/** Host, port and database of an address, without its user and password. */
export function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url)
    return `${hostname === '' ? 'localhost' : hostname}:${port === '' ? '5432' : port}${pathname}`
  } catch {
    return 'the given address'
  }
}
