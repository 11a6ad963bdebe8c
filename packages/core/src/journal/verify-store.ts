import { sql } from 'drizzle-orm'
import { rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { JournalHead, Seal } from './seal-store.ts'
import { CONTENT, type ContentColumns, type NewJournalRow, toContent } from './store.ts'

/** How much of the journal there is, in one snapshot. */
export interface JournalExtent {
  readonly head: JournalHead | null
  readonly rows: number
  readonly seals: number
}

/** Counts rows and seals at the head. */
export async function readExtent(tx: Tx): Promise<JournalExtent> {
  const row = await rowOf<{ sequence: string | null; hash: string | null; rows: string; seals: string }>(
    tx,
    sql`select h.sequence::text, h.hash,
          (select count(*) from journal where workspace_id = ${tx.workspace})::text as rows,
          (select count(*) from journal_seals where workspace_id = ${tx.workspace})::text as seals
        from (values (1)) as one left join journal_heads h on h.workspace_id = ${tx.workspace}`,
  )
  return {
    head: row?.sequence == null || row.hash === null ? null : { sequence: Number(row.sequence), hash: row.hash },
    rows: Number(row?.rows ?? 0),
    seals: Number(row?.seals ?? 0),
  }
}

/** A seal with the row that it stands for, if that is there. */
export interface SealedRow {
  readonly seal: Seal
  readonly row: NewJournalRow | null
  /** The row has another seal too. */
  readonly twice: boolean
}

interface SealColumns {
  readonly sequence: string
  readonly journal_id: string
  readonly hash: string
  readonly twice: boolean
}

/** Reads seals in the order of the chain with their rows, from a sequence to another one. */
export async function readSealed(
  tx: Tx,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly SealedRow[]> {
  const rows = await rowsOf<SealColumns & (ContentColumns | { readonly id: null })>(
    tx,
    sql`select s.sequence::text, s.journal_id, s.hash, ${CONTENT},
          exists (select from journal_seals o where o.journal_id = s.journal_id and o.sequence <> s.sequence) as twice
        from journal_seals s left join journal j on j.id = s.journal_id and j.workspace_id = s.workspace_id
        where s.workspace_id = ${tx.workspace} and s.sequence between ${from}::bigint and ${to}::bigint
        order by s.sequence, s.journal_id`,
  )
  return rows.map((row) => ({
    seal: { sequence: Number(row.sequence), id: row.journal_id, hash: row.hash },
    row: row.id === null ? null : toContent(row),
    twice: row.twice,
  }))
}
