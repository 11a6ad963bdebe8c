import { type LoginRole, readLoginRole } from './database/login-role.ts'
import { type DatabasePlace, withDatabase } from './database-place.ts'

/**
 * Reads as whom a database is reached, and whether the connection is encrypted; changes nothing.
 *
 * @throws GovernanceError `DATABASE_MISSING`, `STORE_UNAVAILABLE`.
 * @example
 * ```ts
 * import { readDatabaseRole } from '@preceptor/core'
 *
 * export const isSafe = async (database: string): Promise<boolean> => !(await readDatabaseRole({ database })).superuser
 * ```
 */
export function readDatabaseRole(place: DatabasePlace = {}): Promise<LoginRole> {
  return withDatabase(place, readLoginRole)
}
