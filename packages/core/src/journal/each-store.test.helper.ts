import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, describe } from 'vitest'
import { CORE_MIGRATIONS } from '../database/migrations/index.ts'
import { applyMigrations } from '../database/migrator.ts'
import { type Database, openDatabase } from '../database/open-database.ts'
import { systemClock } from '../kernel/clock.ts'
import { createIds } from '../kernel/ids.ts'
import type { JournalPorts } from './ports.ts'

const MIGRATIONS = [{ namespace: 'core', migrations: CORE_MIGRATIONS }]

/** A migrated store of a test file. */
export interface TestStore {
  readonly kind: Database['kind']
  readonly database: Database
  /** Another set of connections to the same store; on PGlite, which has only one, the same. */
  another(): Promise<Database>
  /** Adds a workspace of its own to a test. */
  workspace(): Promise<string>
  /** Ends every connection and lets nobody in until the given function is called; only on Postgres. */
  outage(): Promise<() => Promise<void>>
  /** Runs statements as the owner of the tables, past every guard. */
  asOwner(statements: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
}

/** Runs the same tests on the embedded database and on Postgres. */
export function describeOnEachStore(title: string, tests: (store: TestStore) => void): void {
  describe(`${title} on pglite`, () => tests(useStore(openEmbedded)))
  describeOnPostgres(`${title} on postgres`, tests)
}

/** Runs tests that need several connections, on Postgres. */
export function describeOnPostgres(title: string, tests: (store: TestStore) => void): void {
  describeWithPostgres(title, () => tests(useStore(openServer)))
}

interface Opened {
  readonly database: Database
  another(): Promise<Database>
  outage(): Promise<() => Promise<void>>
  close(): Promise<void>
}

function useStore(open: () => Promise<Opened>): TestStore {
  let opened: Opened | undefined
  const present = (): Opened => {
    if (opened === undefined) throw new Error('The store is there only inside tests and hooks.')
    return opened
  }
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(async () => {
    await opened?.close()
  })
  return {
    get kind() {
      return present().database.kind
    },
    get database() {
      return present().database
    },
    another: () => present().another(),
    outage: () => present().outage(),
    async workspace() {
      const name = `w${randomBytes(6).toString('hex')}`
      await present().database.pool.query('insert into workspaces values ($1, $1, $2)', [name, new Date()])
      return name
    },
    async asOwner(statements, values) {
      const { rows } = await present().database.pool.query(statements, values)
      return rows
    },
  }
}

async function openEmbedded(): Promise<Opened> {
  const database = await openDatabase({ memory: true })
  await applyMigrations(database, MIGRATIONS)
  return { database, another: async () => database, outage, close: () => database.close() }

  async function outage(): Promise<never> {
    throw new Error('The embedded database has no server.')
  }
}

async function openServer(): Promise<Opened> {
  const place: TestDatabase = await createTestDatabase({
    name: 'core',
    async prepare(url) {
      const database = await openDatabase({ url })
      await applyMigrations(database, MIGRATIONS)
      await database.close()
    },
  })
  const databases = [await openDatabase({ url: place.url })]
  return {
    database: databases[0] as Database,
    async another() {
      const database = await openDatabase({ url: place.url })
      databases.push(database)
      return database
    },
    outage: () => shut(place.url),
    async close() {
      await Promise.all(databases.map((database) => database.close()))
      await place.drop()
    },
  }
}

async function shut(url: string): Promise<() => Promise<void>> {
  const address = new URL(url)
  const name = address.pathname.slice(1)
  address.pathname = '/postgres'
  const onServer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: address.href })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await onServer(`alter database ${name} allow_connections false`)
  await onServer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
  return () => onServer(`alter database ${name} allow_connections true`)
}

/** Ports on a database, with what was reported. */
export interface TestPorts extends JournalPorts {
  readonly reports: Parameters<JournalPorts['report']>[0][]
}

/** Makes the ports of a journal; the clock is the real one unless another is given. */
export function createPorts(database: Database, overrides: Partial<JournalPorts> = {}): TestPorts {
  const clock = overrides.clock ?? systemClock
  const reports: TestPorts['reports'] = []
  return {
    database,
    clock,
    ids: createIds({ clock }),
    failpoint: async () => undefined,
    report: (report) => void reports.push(report),
    ...overrides,
    reports,
  }
}

/** Waits until a condition holds. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`The condition did not come true within ${withinMs} ms.`)
    await sleep(10)
  }
}
