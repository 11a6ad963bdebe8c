import { createHash } from 'node:crypto'
import { GovernanceError } from '@preceptor/client'
import type { Database } from './open-database.ts'
import type { Queryable } from './pool.ts'
import { asOwner } from './transaction.ts'

/** One change of the schema. Once released it never changes. */
export interface Migration {
  /** Sorts in the order of application, such as `0001-foundation`. */
  readonly name: string
  readonly sql: string
}

/** The migrations of core or of one plugin, in order. */
export interface MigrationSet {
  /** Keeps names of plugins apart, such as `core` or `learning`. */
  readonly namespace: string
  readonly migrations: readonly Migration[]
}

/** A migration with the name and checksum under which the ledger knows it. */
export interface KnownMigration extends Migration {
  readonly namespace: string
  readonly key: string
  readonly sha256: string
}

/** A row of the ledger. */
export interface AppliedMigration {
  readonly key: string
  readonly sha256: string
}

/** How the schema compares with the code. */
export type MigrationPlan =
  | { readonly state: 'current' }
  | { readonly state: 'older'; readonly pending: readonly KnownMigration[] }
  | { readonly state: 'newer'; readonly unknown: readonly string[] }
  | { readonly state: 'changed'; readonly changed: readonly string[] }

const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/
// "prec" and "migr" as two integers: one lock for all migrations of a database.
const LOCK = 'select pg_advisory_xact_lock(1886545251, 1835624306)'
const CREATE_LEDGER = `create table if not exists preceptor_migrations (
  name text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
)`

/**
 * Compares the ledger with the migrations of the code, namespace by namespace; namespaces that the code does not know
 * belong to plugins that this process does not use.
 */
export function planMigrations(applied: readonly AppliedMigration[], sets: readonly MigrationSet[]): MigrationPlan {
  const known = sets.flatMap(knownMigrations)
  const keys = new Set(known.map(({ key }) => key))
  const prefixes = sets.map(({ namespace }) => `${namespace}/`)
  const unknown = applied
    .map(({ key }) => key)
    .filter((key) => !keys.has(key) && prefixes.some((prefix) => key.startsWith(prefix)))
  if (unknown.length > 0) return { state: 'newer', unknown }
  const sums = new Map(applied.map(({ key, sha256 }) => [key, sha256]))
  const pending = known.filter(({ key }) => !sums.has(key))
  const changed = known.filter(({ key, sha256 }) => sums.has(key) && sums.get(key) !== sha256)
  // What comes before an applied migration must have been applied before it.
  const skipped = pending.filter(({ namespace, name }) =>
    known.some((later) => later.namespace === namespace && later.name > name && sums.has(later.key)),
  )
  const wrong = [...changed, ...skipped].map(({ key }) => key)
  if (wrong.length > 0) return { state: 'changed', changed: wrong }
  return pending.length === 0 ? { state: 'current' } : { state: 'older', pending }
}

/** Reads how the schema compares with the code; changes nothing. */
export async function migrationStatus(database: Database, sets: readonly MigrationSet[]): Promise<MigrationPlan> {
  return asOwner(database, async (client) => planMigrations(await readLedger(client), sets))
}

type MigrationFailpoint = (name: 'migration.before_commit') => Promise<void>
const noFailpoint: MigrationFailpoint = () => Promise.resolve()

/** How migrations are applied. */
export interface MigrateOptions {
  /** False refuses a database that lacks some; default true. */
  readonly migrate?: boolean
  readonly failpoint?: MigrationFailpoint
}

/**
 * Applies what is pending, each migration in a transaction of its own under one lock, so that several processes may
 * start at once. Gives the names that this call applied.
 *
 * @throws GovernanceError `DATABASE_NEWER`, `DATABASE_CHANGED`, and `DATABASE_OLDER` when `migrate` is false.
 */
export async function applyMigrations(
  database: Database,
  sets: readonly MigrationSet[],
  { migrate = true, failpoint = noFailpoint }: MigrateOptions = {},
): Promise<readonly string[]> {
  const plan = required(await migrationStatus(database, sets))
  if (plan.state === 'current') return []
  if (!migrate) {
    const names = plan.pending.map(({ key }) => key).join(', ')
    throw new GovernanceError('DATABASE_OLDER', { message: `The database lacks the migrations ${names}.` })
  }
  const applied: string[] = []
  for (const migration of plan.pending) {
    if (await applyOne(database, sets, { migration, failpoint })) applied.push(migration.key)
  }
  return applied
}

async function applyOne(
  database: Database,
  sets: readonly MigrationSet[],
  { migration, failpoint }: { readonly migration: KnownMigration; readonly failpoint: MigrationFailpoint },
): Promise<boolean> {
  return asOwner(database, async (client) => {
    await client.query(LOCK)
    await client.query(CREATE_LEDGER)
    // Another process may have been quicker while this one waited for the lock.
    const plan = required(planMigrations(await readLedger(client), sets))
    if (plan.state === 'current' || plan.pending[0]?.key !== migration.key) return false
    await client.query(migration.sql)
    await client.query('insert into preceptor_migrations (name, sha256) values ($1, $2)', [
      migration.key,
      migration.sha256,
    ])
    await failpoint('migration.before_commit')
    return true
  })
}

function required(plan: MigrationPlan): Exclude<MigrationPlan, { state: 'newer' | 'changed' }> {
  if (plan.state === 'newer') {
    throw new GovernanceError('DATABASE_NEWER', {
      message: `The database has migrations that this release does not know: ${plan.unknown.join(', ')}.`,
    })
  }
  if (plan.state === 'changed') {
    throw new GovernanceError('DATABASE_CHANGED', {
      message: `The database was made by other migrations than those of this release: ${plan.changed.join(', ')}.`,
    })
  }
  return plan
}

async function readLedger(client: Queryable): Promise<readonly AppliedMigration[]> {
  const { rows } = await client.query<{ readonly present: boolean }>(
    `select to_regclass('preceptor_migrations') is not null as present`,
  )
  if (rows[0]?.present !== true) return []
  const ledger = await client.query<AppliedMigration>(
    'select name as key, sha256 from preceptor_migrations order by name',
  )
  return ledger.rows
}

function knownMigrations({ namespace, migrations }: MigrationSet): KnownMigration[] {
  const names = migrations.map(({ name }) => name)
  const ordered = names.every((name, index) => NAME.test(name) && (index === 0 || name > (names[index - 1] ?? '')))
  if (!NAME.test(namespace) || !ordered) {
    throw new GovernanceError('OPTION_INVALID', {
      message: `The migrations of "${namespace}" are not named in ascending order.`,
    })
  }
  return migrations.map(({ name, sql }) => ({
    namespace,
    name,
    sql,
    key: `${namespace}/${name}`,
    sha256: createHash('sha256').update(sql).digest('hex'),
  }))
}
