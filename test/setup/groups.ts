import { afterAll, beforeAll, describe } from 'vitest'
import { createTestDatabase, type DatabaseTemplate, type TestDatabase } from './databases.ts'

/**
 * Gives the tests of a file or group a fresh Postgres database and drops it after them.
 *
 * @example
 * ```ts
 * describeWithPostgres('agent store', () => {
 *   const database = useTestDatabase()
 *   it('opens', async () => connect(database.url))
 * })
 * ```
 */
export function useTestDatabase(template?: DatabaseTemplate): { readonly url: string } {
  let database: TestDatabase | undefined
  beforeAll(async () => {
    database = await createTestDatabase(template)
  })
  afterAll(async () => {
    await database?.drop()
  })
  return {
    get url() {
      if (database === undefined) throw new Error('The database is there only inside tests and hooks.')
      return database.url
    },
  }
}

function describeWith(service: string, url: string | undefined, title: string, tests: () => void): void {
  describe.skipIf(!url)(`${title} (needs ${service})`, tests)
}

/** A group of tests on the real Postgres of the run; skipped, with the reason in its title, when there is none. */
export function describeWithPostgres(title: string, tests: () => void): void {
  describeWith('postgres', process.env.DATABASE_URL, title, tests)
}

/** A group of tests on the real Redis of the run; skipped, with the reason in its title, when there is none. */
export function describeWithRedis(title: string, tests: () => void): void {
  describeWith('redis', process.env.REDIS_URL, title, tests)
}

/** A group of tests in a real Chromium; skipped, with the reason in its title, when there is none. */
export function describeWithChromium(title: string, tests: () => void): void {
  describeWith('chromium', process.env.CHROMIUM, title, tests)
}
