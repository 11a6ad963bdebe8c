import { foundation } from './0001-foundation.ts'

/** The migrations of core, in the order in which they are applied. */
export const CORE_MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [foundation]
