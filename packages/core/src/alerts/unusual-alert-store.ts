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
 * The hourly counts of the agents that attempted, were refused or failed often enough in a recent hour: active ones, and only their
 * counts that are asked about.
 */
export async function listHourlyCounts(tx: Tx, span: HourSpan): Promise<readonly HourlyCounts[]> {
  return [...(await decided(tx, span)), ...(await failed(tx, span))]
}

async function decided(tx: Tx, { from, recent, least }: HourSpan): Promise<readonly HourlyCounts[]> {
  // What an agent attempts at first in a recent hour, although it has attempted other things before, is new to it.
  return rowsOf<HourlyCounts>(
    tx,
    sql`with busy as materialized (
          select agent_id from (
            select agent_id, hour, sum(count) as total from decision_counts
            where workspace_id = ${tx.workspace} and hour >= ${recent}::timestamptz and source <> 'manual' group by 1, 2
          ) as recently where total >= ${least} group by 1
        ), counted as (
          select d.agent_id as agent, d.hour, sum(d.count) as attempts,
            sum(d.count) filter (where d.route = 'denied') as refusals,
            sum(d.count) filter (where d.hour >= ${recent}::timestamptz and not exists (select from decision_counts o
              where o.workspace_id = d.workspace_id and o.agent_id = d.agent_id and o.action = d.action
                and o.hour >= ${from}::timestamptz and o.hour < ${recent}::timestamptz)) as new_actions
          from busy b join agents a on a.workspace_id = ${tx.workspace} and a.id = b.agent_id and a.lifecycle = 'active'
          join decision_counts d on d.workspace_id = a.workspace_id and d.agent_id = a.id and d.hour >= ${from}::timestamptz
          where d.source <> 'manual' group by 1, 2
        )
        select agent, measure, array_agg((extract(epoch from hour) / 3600)::int order by hour) as hours,
          array_agg(count::int order by hour) as counts
        from counted cross join lateral (values ('attempts', attempts), ('refusals', refusals), ('new_actions', new_actions))
          as measured (measure, count)
        where count > 0 group by 1, 2`,
  )
}

async function failed(tx: Tx, { from, recent, least }: HourSpan): Promise<readonly HourlyCounts[]> {
  return rowsOf<HourlyCounts>(
    tx,
    sql`with failing as materialized (
          select a.id from agents a where a.workspace_id = ${tx.workspace} and a.lifecycle = 'active'
            and (select count(*) from (select from executions e where e.workspace_id = a.workspace_id and e.agent_id = a.id
              and e.state = 'failed' and e.settled_at >= ${recent}::timestamptz limit ${least}) as ended) >= ${least}
        ), counted as (
          select e.agent_id as agent, date_trunc('hour', e.settled_at, 'UTC') as hour, count(*) as count
          from failing f join executions e on e.workspace_id = ${tx.workspace} and e.agent_id = f.id
            and e.state = 'failed' and e.settled_at >= ${from}::timestamptz
          group by 1, 2
        )
        select agent, 'failures' as measure, array_agg((extract(epoch from hour) / 3600)::int order by hour) as hours,
          array_agg(count::int order by hour) as counts
        from counted group by 1`,
  )
}
