import { GovernanceError, type JournalVerification } from '@preceptor/client'
import { applyMigrations } from './database/migrator.ts'
import { type DatabasePlace, MIGRATION_SETS, missingFolder, withDatabase } from './database-place.ts'
import { verifyJournal } from './journal/verify.ts'

/**
 * Verifies the journal of a workspace where no gate is open on it; reads only.
 *
 * @throws GovernanceError `WORKSPACE_UNKNOWN`, `DATABASE_MISSING`, `DATABASE_OLDER`, `DATABASE_NEWER`,
 * `DATABASE_CHANGED`, `STORE_UNAVAILABLE`, `DATA_FOLDER_LOCKED`, `DATA_FOLDER_UNUSABLE`.
 * @example
 * ```ts
 * import { verifyStoredJournal } from '@preceptor/core'
 *
 * export const isIntact = async (): Promise<boolean> => (await verifyStoredJournal()).ok
 * ```
 */
export async function verifyStoredJournal(
  place: DatabasePlace = {},
  workspace = 'default',
): Promise<JournalVerification> {
  const folder = missingFolder(place)
  if (folder !== undefined) {
    throw new GovernanceError('DATABASE_MISSING', {
      message: `There is no database in ${folder}.`,
      hint: 'Name the folder of the database, or set DATABASE_URL.',
    })
  }
  return withDatabase(place, async (database) => {
    await applyMigrations(database, MIGRATION_SETS, { migrate: false })
    const verification = await verifyJournal({ database }, workspace)
    // The first row of a workspace says that it was created.
    if (verification.ok && verification.checked + verification.unsealed === 0) {
      throw new GovernanceError('WORKSPACE_UNKNOWN', {
        message: `There is no workspace ${JSON.stringify(workspace)} in this database.`,
        hint: 'Check its name.',
      })
    }
    return verification
  })
}
