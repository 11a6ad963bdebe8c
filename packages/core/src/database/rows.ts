import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from './transaction.ts'

/**
 * Runs a statement and gives its rows; timestamps and 8-byte integers come as text. It is on its way as this returns:
 * statements that do not wait for each other's answers still run one after the other, as they were called.
 */
export function rowsOf<Row extends object>(tx: Tx, statement: SQL): Promise<readonly Row[]> {
  // The statement and the row type stand side by side in the store that calls this.
  return tx.db.execute(statement).then(({ rows }) => rows as unknown as readonly Row[])
}

/** Runs a statement and gives its first row, if it has one. */
export async function rowOf<Row extends object>(tx: Tx, statement: SQL): Promise<Row | undefined> {
  const rows = await rowsOf<Row>(tx, statement)
  return rows[0]
}

/** Runs a statement and gives the number of rows that it changed: what a guarded update is decided by. */
export function countOf(tx: Tx, statement: SQL): Promise<number> {
  return tx.db.execute(statement).then(({ rowCount }) => rowCount ?? 0)
}

/** Whether a query finds a row; it is written from its `select` on, without columns. */
export async function isThere(tx: Tx, query: SQL): Promise<boolean> {
  const row = await rowOf<{ readonly found: boolean }>(tx, sql`select exists (${query}) as found`)
  return row?.found === true
}

/** Asks the database for nothing, to see whether it answers. */
export async function ping(tx: Tx): Promise<void> {
  await tx.db.execute(sql`select 1`)
}

/** A timestamp of the database as ISO 8601, UTC. */
export function isoOf(value: string): string
export function isoOf(value: string | null): string | null
export function isoOf(value: string | null): string | null {
  return value === null ? null : new Date(value).toISOString()
}
