import { applyMigrations, type MigrationSet, migrationStatus } from './database/migrator.ts'
import { type DatabasePlace, migrationSets, missingFolder, withDatabase } from './database-place.ts'

/** How the schema of a database compares with this release. */
export interface SchemaStatus {
  readonly kind: 'pglite' | 'postgres'
  /** `missing`: there is no embedded database yet. `newer` and `changed` cannot be opened by this release. */
  readonly state: 'missing' | 'current' | 'older' | 'newer' | 'changed'
  /** Migrations that would be applied, in their order. */
  readonly pending: readonly { readonly name: string; readonly sql: string }[]
  /** Migrations that stand in the way: unknown to this release, or different from its own. */
  readonly blocking: readonly string[]
}

/**
 * Compares the schema of a database with this release; changes nothing, and creates no folder.
 *
 * @throws GovernanceError `DATABASE_MISSING`, `STORE_UNAVAILABLE`, `DATA_FOLDER_LOCKED`, `DATA_FOLDER_UNUSABLE`.
 * @example
 * ```ts
 * import { readSchema } from '@preceptor/core'
 *
 * export const isReady = async (): Promise<boolean> => (await readSchema()).state === 'current'
 * ```
 */
export async function readSchema(place: DatabasePlace = {}): Promise<SchemaStatus> {
  if (missingFolder(place) !== undefined) {
    return { ...compared('pglite', 'missing'), pending: migrationSets(place.plugins).flatMap(listed) }
  }
  return withDatabase(place, async (database) => {
    const plan = await migrationStatus(database, migrationSets(place.plugins))
    const status = compared(database.kind, plan.state)
    switch (plan.state) {
      case 'current':
        return status
      case 'older':
        return { ...status, pending: plan.pending.map(({ key, sql }) => ({ name: key, sql })) }
      case 'newer':
        return { ...status, blocking: plan.unknown }
      case 'changed':
        return { ...status, blocking: plan.changed }
      default:
        return plan satisfies never
    }
  })
}

/**
 * Brings the schema of a database to this release and gives the names of the migrations that this call applied; an
 * embedded database is created where there is none.
 *
 * @throws GovernanceError `DATABASE_NEWER`, `DATABASE_CHANGED`, and the codes of `readSchema`.
 */
export async function applySchema(place: DatabasePlace = {}): Promise<readonly string[]> {
  return withDatabase(place, (database) => applyMigrations(database, migrationSets(place.plugins)))
}

function compared(kind: SchemaStatus['kind'], state: SchemaStatus['state']): SchemaStatus {
  return { kind, state, pending: [], blocking: [] }
}

function listed({ namespace, migrations }: MigrationSet): SchemaStatus['pending'] {
  return migrations.map(({ name, sql }) => ({ name: `${namespace}/${name}`, sql }))
}
