import { sha256Hex } from '../kernel/canonical-json.ts'
import { databaseErrorCode } from './database-error.ts'
import type { Database } from './open-database.ts'
import type { Queryable, QueryConfig } from './pool.ts'

// What a server answers that does not know a name (a pooler gave the connection to somebody else), that knows it already,
// or whose tables changed under it.
const UNUSABLE = new Set(['26000', '42P05', '0A000'])
const MOST_NAMES = 1_000

const names = new Map<string, string>()
const without = new WeakSet<Database>()

/**
 * Gives each statement a name, under which a connection parses and plans it once. It is made from the text, so that one
 * name never stands for two statements, whoever else uses the connection.
 */
export function nameStatements(database: Database, client: Queryable): Queryable {
  if (database.kind !== 'postgres' || without.has(database)) return client
  return {
    query: (statement, values) =>
      typeof statement === 'string' ? client.query(statement, values) : client.query(named(statement), values),
  }
}

/** Whether names do not work on this database, which from now on has none: a pooler may keep them from it. */
export function refusesNames(database: Database, error: unknown): boolean {
  if (!UNUSABLE.has(databaseErrorCode(error) ?? '') || without.has(database)) return false
  without.add(database)
  return true
}

function named(statement: QueryConfig): QueryConfig {
  const name = nameOf(statement.text)
  return name === undefined ? statement : { ...statement, name }
}

/** Undefined for what comes after so many: each costs memory of every connection. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= MOST_NAMES) return known
  const name = `preceptor_${sha256Hex(text).slice(0, 32)}`
  names.set(text, name)
  return name
}
