import type { AnalyticsTraining, TriggerSource } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { activityOf } from './activity-store.ts'
import type { Analysis } from './analysis.ts'
import { bucketOf, isOfAgents, isOfCapability, isWithin } from './filter-store.ts'

/** Counts the courses that were proposed in a range. */
export async function countCourses(tx: Tx, analysis: Analysis): Promise<number> {
  const row = await rowOf<{ readonly count: number }>(
    tx,
    sql`select count(*)::int as count from training_proposals t
        where t.workspace_id = ${tx.workspace} and ${isWithin('t.created_at', analysis.range)}
          and ${isOfAgents('t.agent_id', analysis)} and ${isOfCapability('t.capability', analysis)}`,
  )
  return row?.count ?? 0
}

/** Sessions at one capability that ended one way, and the sum of what they gained. */
export interface SessionCount {
  readonly capability: string
  readonly state: keyof AnalyticsTraining['sessions']
  readonly count: number
  /** Basis points. */
  readonly gained: number
}

/** Counts the sessions that ended in a range, with what the ledger says that they gained. */
export function countTrainingSessions(tx: Tx, analysis: Analysis): Promise<readonly SessionCount[]> {
  return rowsOf(
    tx,
    sql`select s.capability, s.state, count(*)::int as count, coalesce(sum(gained.applied), 0)::int as gained
        from training_sessions s left join lateral (
          select sum(c.applied) as applied from confidence_entries c
          where c.workspace_id = s.workspace_id and c.agent_id = s.agent_id and c.source_type = 'training'
            and c.source_id = s.id and c.capability in ('*', s.capability)
        ) as gained on s.state = 'completed'
        where s.workspace_id = ${tx.workspace} and ${isWithin('s.ended_at', analysis.range)}
          and ${isOfAgents('s.agent_id', analysis)} and ${isOfCapability('s.capability', analysis)}
        group by s.capability, s.state`,
  )
}

/** How many attempts from one source were blocked in a bucket. */
export interface BlockedCount {
  readonly at: string
  readonly source: TriggerSource
  readonly count: number
}

/** Counts the attempts that were blocked in a range. */
export async function countBlocked(tx: Tx, analysis: Analysis): Promise<readonly BlockedCount[]> {
  const rows = await rowsOf<BlockedCount>(
    tx,
    sql`select ${bucketOf('o.at', analysis.range)} as at, o.facet as source, sum(o.count)::int as count
        from (${activityOf(tx, 'blocked', analysis)}) as o group by 1, 2`,
  )
  return rows.map((row) => ({ ...row, at: isoOf(row.at) }))
}
