import type { AnalyticsOpen, AnalyticsSystem } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { readSeen, unsealedRows } from '../journal/unsealed-store.ts'
import type { Analysis } from './analysis.ts'
import { isOfAgents } from './filter-store.ts'

/** Counts what is open, of each kind, with the time of the oldest. */
export async function countOpen(tx: Tx, analysis: Pick<Analysis, 'agent' | 'only'>): Promise<readonly AnalyticsOpen[]> {
  const { workspace } = tx
  const isAsked = isOfAgents('o.agent_id', analysis)
  const open = (table: string, isOpen: string, at = 'created_at') =>
    sql`select count(*)::int as open, min(o.${sql.raw(at)}) as "oldestAt" from ${sql.raw(table)} o
      where o.workspace_id = ${workspace} and ${sql.raw(isOpen)} and ${isAsked}`
  const rows = await rowsOf<AnalyticsOpen>(
    tx,
    sql`select 'proposal' as kind, * from (${open('proposals', `o.state = 'pending'`)}) as a
        union all select 'training_proposal', * from (${open('training_proposals', `o.state = 'proposed'`)}) as b
        union all select 'training_session', * from (
          ${open('training_sessions', `o.state in ('scheduled', 'in_progress', 'paused')`)}) as c
        union all select 'supervision_session', * from (
          ${open('supervision_sessions', `o.state not in ('completed', 'terminated', 'failed')`)}) as d
        union all select 'queue_entry', * from (${open('supervised_queue', `o.state = 'pending'`)}) as e
        union all select 'alert', * from (${open('alerts', 'o.cleared_at is null', 'raised_at')}) as f`,
  )
  return rows.map((row) => ({ ...row, oldestAt: isoOf(row.oldestAt) }))
}

/** Counts the rows of the journal that no seal covers: those that the head has not seen. */
export async function countUnsealed(tx: Tx): Promise<AnalyticsSystem['journal']> {
  const columns = sql`j.id, j.recorded_at`
  const row = await rowOf<AnalyticsSystem['journal']>(
    tx,
    sql`select count(*)::int as unsealed, min(t.recorded_at) as "oldestAt"
        from (${unsealedRows(tx, await readSeen(tx), { columns, where: sql`true` })}) as t`,
  )
  return { unsealed: row?.unsealed ?? 0, oldestAt: isoOf(row?.oldestAt ?? null) }
}

/** Counts the deliveries to webhooks that are kept, by state. */
export function countDeliveries(
  tx: Tx,
): Promise<readonly { readonly state: keyof AnalyticsSystem['deliveries']; readonly count: number }[]> {
  return rowsOf(
    tx,
    sql`select d.state, count(*)::int as count from deliveries d
        where d.workspace_id = ${tx.workspace} and d.webhook_id is not null group by d.state`,
  )
}
