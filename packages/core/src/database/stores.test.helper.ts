import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe } from 'vitest'
import { type Database, type OpenDatabaseOptions, openDatabase } from './open-database.ts'
import type { Pool, PoolClient } from './pool.ts'

/** The store of a group of tests. */
export interface TestStore {
  readonly kind: 'pglite' | 'postgres'
  /** Open between the first and the last test of the group. */
  readonly database: Database
}

type Options = Omit<OpenDatabaseOptions, 'url' | 'pool' | 'memory' | 'dataFolder'>

/** Runs the same tests on the embedded engine and on a server. */
export function describeOnStores(title: string, tests: (store: TestStore) => void, options: Options = {}): void {
  describe(`${title} on pglite`, () => tests(openedStore('pglite', () => ({ ...options, memory: true }))))
  describeWithPostgres(`${title} on postgres`, () => {
    const server = useTestDatabase()
    tests(openedStore('postgres', () => ({ ...options, url: server.url })))
  })
}

function openedStore(kind: TestStore['kind'], options: () => OpenDatabaseOptions): TestStore {
  let database: Database | undefined
  beforeAll(async () => {
    database = await openDatabase(options())
  })
  afterAll(async () => {
    await database?.close()
  })
  return {
    kind,
    get database() {
      if (database === undefined) throw new Error('The store is there only inside tests and hooks.')
      return database
    },
  }
}

/** Waits until a condition holds, at most `withinMs` milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`The condition did not hold within ${withinMs} ms.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Lends a client for as long as `use` runs. */
export async function lend<Result>(pool: Pool, use: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  try {
    return await use(client)
  } finally {
    client.release()
  }
}
