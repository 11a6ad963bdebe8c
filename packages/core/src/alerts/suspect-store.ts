import { sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** Finds the workspaces in which something may be wrong that is looked at every few seconds, or is no more. */
export async function findSuspects(tx: Tx): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select workspace_id from proposals where state = 'pending' or (state = 'approved' and executor = 'registered')
        union select workspace_id from alerts where cleared_at is null`,
  )
  return rows.map((row) => row.workspace_id)
}
