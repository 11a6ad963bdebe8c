import { type SQL, sql } from 'drizzle-orm'
import { rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** The end of what the last seal saw of a workspace: every transaction before it, but for those that were running. */
export async function readSeen(tx: Tx): Promise<string> {
  const row = await rowOf<{ readonly seen: string }>(
    tx,
    sql`select pg_snapshot_xmax(snapshot)::text as seen from journal_heads where workspace_id = ${tx.workspace}`,
  )
  return row?.seen ?? '0'
}

/**
 * The rows `j` of the journal that wait for a seal, with some of its columns: two ranges of one index. `seen` is what was read
 * a moment ago, which only grows: it tells the planner, who cannot know what a head says, that the range is short.
 */
export function unsealedRows(
  tx: Tx,
  seen: string,
  { columns, where }: { readonly columns: SQL; readonly where: SQL },
): SQL {
  const head = (of: string): SQL =>
    sql`(select ${sql.raw(of)} from journal_heads h where h.workspace_id = ${tx.workspace})`
  // Looked up row by row: the seals are as many as the rows.
  const waits = sql`not exists (select from journal_seals s where s.journal_id = j.id offset 0)`
  return sql`select ${columns} from journal j
      where j.workspace_id = ${tx.workspace} and j.xid >= ${seen}::xid8
        and j.xid >= (select coalesce(${head('pg_snapshot_xmax(h.snapshot)')}, '0'::xid8)) and ${waits} and ${where}
    union all
    select ${columns} from (select pg_snapshot_xip(h.snapshot) as xid from journal_heads h
        where h.workspace_id = ${tx.workspace}) as running
      cross join lateral (select * from journal j
        where j.workspace_id = ${tx.workspace} and j.xid = running.xid and ${waits} and ${where} offset 0) as j`
}
