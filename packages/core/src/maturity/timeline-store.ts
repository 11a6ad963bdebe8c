import { TIMELINE_KINDS, type TimelineKind } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { CONTENT, type ContentColumns, type NewJournalRow, toContent } from '../journal/store.ts'

/** A row of the journal that stands in a timeline. */
export interface TimelineRow extends Omit<NewJournalRow, 'kind'> {
  readonly kind: TimelineKind
  readonly position: number
}

// Literals, so that the planner sees that the index of the timeline holds all of them.
const KINDS = sql.raw(TIMELINE_KINDS.map((kind) => `'${kind}'`).join(', '))

/** Lists what became of an agent, newest first, from before a position; one more than the limit. */
export async function listTimeline(
  tx: Tx,
  query: { readonly agent: string; readonly before: number | null; readonly limit: number },
): Promise<readonly TimelineRow[]> {
  const rows = await rowsOf<ContentColumns & { readonly kind: TimelineKind; readonly position: string }>(
    tx,
    sql`select ${CONTENT}, j.position::text from journal j
        where j.workspace_id = ${tx.workspace} and j.agent_id = ${query.agent} and j.kind in (${KINDS})
          and (${query.before}::bigint is null or j.position < ${query.before}::bigint)
        order by j.position desc limit ${query.limit + 1}`,
  )
  return rows.map((row) => ({ ...toContent(row), kind: row.kind, position: Number(row.position) }))
}
