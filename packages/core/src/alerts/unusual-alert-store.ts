import { sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** What is counted of an agent, hour by hour. */
export type Measure = 'attempts' | 'refusals' | 'failures' | 'new_actions'

/** Counts of one measure in the hours that had any, by hours since 1970. */
export interface HourlyCounts {
  readonly agent: string
  readonly measure: Measure
  readonly hours: readonly number[]
  readonly counts: readonly number[]
}

/** Hours that are looked at: those from `recent` on are held against those from `from` on. */
export interface HourSpan {
  readonly from: string
  readonly recent: string
  /** Fewer in an hour are nothing to look at. */
  readonly least: number
}

/**
 * The hourly counts of the active agents that attempted, were refused or failed often enough in a recent hour: of all measures,
 * in the hours that had any.
 */
export async function listHourlyCounts(tx: Tx, span: HourSpan): Promise<readonly HourlyCounts[]> {
  const agents = await listLively(tx, span)
  if (agents.length === 0) return []
  return [...(await countDecided(tx, agents, span)), ...(await countFailed(tx, agents, span))]
}

async function listLively(tx: Tx, { recent, least }: HourSpan): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly id: string }>(
    tx,
    sql`with busy as materialized (
          select agent_id from (
            select agent_id, hour, sum(count) as total from decision_counts
            where workspace_id = ${tx.workspace} and hour >= ${recent}::timestamptz and source <> 'manual' group by 1, 2
          ) as recently where total >= ${least} group by 1
        )
        select a.id from agents a where a.workspace_id = ${tx.workspace} and a.lifecycle = 'active'
          and (a.id in (select agent_id from busy)
            or (select count(*) from (select from executions e where e.workspace_id = a.workspace_id and e.agent_id = a.id
              and e.state = 'failed' and e.settled_at >= ${recent}::timestamptz limit ${least}) as ended) >= ${least})`,
  )
  return rows.map(({ id }) => id)
}

async function countDecided(
  tx: Tx,
  agents: readonly string[],
  { from, recent }: HourSpan,
): Promise<readonly HourlyCounts[]> {
  // What an agent attempts in a recent hour, and has not attempted before, is new to it.
  return rowsOf<HourlyCounts>(
    tx,
    sql`with counted as (
          select d.agent_id as agent, d.hour, sum(d.count) as attempts,
            sum(d.count) filter (where d.route = 'denied') as refusals,
            sum(d.count) filter (where d.hour >= ${recent}::timestamptz and not exists (select from decision_counts o
              where o.workspace_id = d.workspace_id and o.agent_id = d.agent_id and o.action = d.action
                and o.hour >= ${from}::timestamptz and o.hour < ${recent}::timestamptz)) as new_actions
          from decision_counts d where d.workspace_id = ${tx.workspace}
            and d.agent_id = any(${sql.param(agents)}::text[]) and d.hour >= ${from}::timestamptz and d.source <> 'manual'
          group by 1, 2
        )
        select agent, measure, array_agg((extract(epoch from hour) / 3600)::int order by hour) as hours,
          array_agg(count::int order by hour) as counts
        from counted cross join lateral (values ('attempts', attempts), ('refusals', refusals), ('new_actions', new_actions))
          as measured (measure, count)
        where count > 0 group by 1, 2`,
  )
}

async function countFailed(tx: Tx, agents: readonly string[], { from }: HourSpan): Promise<readonly HourlyCounts[]> {
  return rowsOf<HourlyCounts>(
    tx,
    sql`with counted as (
          select e.agent_id as agent, date_trunc('hour', e.settled_at, 'UTC') as hour, count(*) as count
          from executions e where e.workspace_id = ${tx.workspace} and e.agent_id = any(${sql.param(agents)}::text[])
            and e.state = 'failed' and e.settled_at >= ${from}::timestamptz
          group by 1, 2
        )
        select agent, 'failures' as measure, array_agg((extract(epoch from hour) / 3600)::int order by hour) as hours,
          array_agg(count::int order by hour) as counts
        from counted group by 1`,
  )
}
