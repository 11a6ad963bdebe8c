import { GovernanceError } from '@preceptor/client'
import { applyMigrations } from './database/migrator.ts'
import type { Database } from './database/open-database.ts'
import { type DatabasePlace, migrationSets, missingFolder, withDatabase } from './database-place.ts'

/**
 * Opens a database that is there, with the schema of this release, for one piece of work; makes neither.
 *
 * @throws GovernanceError `DATABASE_MISSING`, `DATABASE_OLDER`, `DATABASE_NEWER`, `DATABASE_CHANGED`, `STORE_UNAVAILABLE`,
 * `DATA_FOLDER_LOCKED`, `DATA_FOLDER_UNUSABLE`.
 */
export async function withStored<T>(place: DatabasePlace, work: (database: Database) => Promise<T>): Promise<T> {
  const folder = missingFolder(place)
  if (folder !== undefined) {
    throw new GovernanceError('DATABASE_MISSING', {
      message: `There is no database in ${folder}.`,
      hint: 'Name the folder of the database, or set DATABASE_URL.',
    })
  }
  return withDatabase(place, async (database) => {
    await applyMigrations(database, migrationSets(place.plugins), { migrate: false })
    return work(database)
  })
}
