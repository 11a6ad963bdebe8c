import { sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** Names the bypasses with an open alert that are not in force any more. */
export async function listEndedBypasses(tx: Tx, at: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly id: string }>(
    tx,
    sql`select l.subject_id as id from alerts l
        where l.workspace_id = ${tx.workspace} and l.code = 'BYPASS_ACTIVE' and l.cleared_at is null
          and not exists (select from bypasses b where b.workspace_id = l.workspace_id and b.id = l.subject_id
            and b.lifted_at is null and b.expires_at > ${at})
        order by l.id`,
  )
  return rows.map(({ id }) => id)
}
