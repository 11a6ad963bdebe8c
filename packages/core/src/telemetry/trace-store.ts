import { sql } from 'drizzle-orm'
import { rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** What an attempt waited in before it ran. */
export interface Asked {
  readonly kind: 'proposal' | 'queue_entry'
  readonly id: string
}

const TABLES = { proposal: 'proposals', queue_entry: 'supervised_queue' } as const

/** Finds the span of the decision that asked people, as its `traceparent`; null where that was not traced. */
export async function findAsking(tx: Tx, { kind, id }: Asked): Promise<string | null> {
  const row = await rowOf<{ readonly traceparent: string | null }>(
    tx,
    sql`select j.body::json ->> 'traceparent' as traceparent
        from ${sql.raw(TABLES[kind])} w join journal j
          on j.workspace_id = w.workspace_id and j.subject_id = w.decision_id and j.kind = 'decision.made'
        where w.workspace_id = ${tx.workspace} and w.id = ${id} order by j.position limit 1`,
  )
  return row?.traceparent ?? null
}
