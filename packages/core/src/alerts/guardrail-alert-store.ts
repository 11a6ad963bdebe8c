import { sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** Open alerts about bypasses that are not in force any more, and about agents that somebody has resumed since. */
export async function listEndedGuardrails(
  tx: Tx,
  at: string,
): Promise<readonly { readonly code: 'BYPASS_ACTIVE' | 'BREAKER_OPEN'; readonly subject: string }[]> {
  return rowsOf(
    tx,
    sql`select l.code, l.subject_id as subject from alerts l
        where l.workspace_id = ${tx.workspace} and l.cleared_at is null and (
          (l.code = 'BYPASS_ACTIVE' and not exists (select from bypasses b
            where b.workspace_id = l.workspace_id and b.id = l.subject_id and b.lifted_at is null
              and b.expires_at > ${at}))
          or (l.code = 'BREAKER_OPEN' and not exists (select from agents a
            where a.workspace_id = l.workspace_id and a.id = l.subject_id and a.lifecycle = 'paused')))
        order by l.id`,
  )
}
