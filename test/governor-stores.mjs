import { beginTestGovernorsAt } from '../packages/core/src/testing/test-store.ts'
import { createTestDatabase } from './setup/databases.ts'

/** @type {import('./setup/databases.ts').DatabaseTemplate} */
const MIGRATED = {
  name: 'core',
  async prepare(url) {
    const { openDatabase } = await import('../packages/core/src/database/open-database.ts')
    const { applyMigrations } = await import('../packages/core/src/database/migrator.ts')
    const { migrationSets } = await import('../packages/core/src/database-place.ts')
    const database = await openDatabase({ url, statementDeadlineMs: 0 })
    try {
      await applyMigrations(database, migrationSets(), { migrate: true })
    } finally {
      await database.close()
    }
  },
}

// A copy of a migrated database opens in a hundredth of the time of a new engine in memory, which counts where hundreds
// are opened. What tests say of the embedded engine they say by `memory: true`, a folder, or the suites for both stores.
if (process.env.DATABASE_URL !== undefined && process.env.PRECEPTOR_TEST_STORE !== 'embedded') {
  beginTestGovernorsAt(async () => {
    const { url, drop } = await createTestDatabase(MIGRATED)
    return { database: url, drop }
  })
}
