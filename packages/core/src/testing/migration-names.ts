import { CORE_MIGRATIONS } from '../database/migrations/index.ts'

/** Names of the migrations of core, as the command line prints them, in their order. */
export const MIGRATION_NAMES: readonly string[] = CORE_MIGRATIONS.map(({ name }) => `core/${name}`)
