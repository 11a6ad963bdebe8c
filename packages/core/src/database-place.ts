import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CORE_MIGRATIONS } from './database/migrations/index.ts'
import type { MigrationSet } from './database/migrator.ts'
import { type Database, openDatabase } from './database/open-database.ts'
import type { GovernorPlugin } from './plugins/plugin.ts'

/** Where a database is; both mean the same as for `createGovernor`. */
export interface DatabasePlace {
  /** Address of a Postgres server. Default: the embedded database. */
  readonly database?: string
  /** Folder of the embedded database; default `.preceptor`. */
  readonly dataFolder?: string
  /** What extends the governor that is opened there; default none. */
  readonly plugins?: readonly GovernorPlugin[]
}

const FOLDER = '.preceptor'

/** The migrations of this release, and those of plugins. */
export function migrationSets(
  plugins: readonly Pick<GovernorPlugin, 'port' | 'migrations'>[] = [],
): readonly MigrationSet[] {
  const ofPlugins = plugins.map(({ port, migrations }) => ({ namespace: port.name, migrations }))
  return [{ namespace: 'core', migrations: CORE_MIGRATIONS }, ...ofPlugins]
}

/** The folder in which an embedded database is missing; undefined where there may be a database. */
export function missingFolder({ database, dataFolder = FOLDER }: DatabasePlace): string | undefined {
  return database !== undefined || existsSync(join(dataFolder, 'database')) ? undefined : dataFolder
}

/** Opens a database for one piece of work. */
export async function withDatabase<T>(
  { database: url, dataFolder = FOLDER }: DatabasePlace,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(url === undefined ? { dataFolder } : { url })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}
