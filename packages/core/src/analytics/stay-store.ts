import type { AnalyticsStay, AnalyticsTransition, Maturity } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { WHOLE_AGENT } from '../maturity/record-capability.ts'
import type { Analysis } from './analysis.ts'
import { bucketOf, isOfAgents, isWithin } from './filter-store.ts'

const DAY_SECONDS = 86_400

/**
 * Every stay of an agent at a level: from its registration or its last move on, until it moved or was retired. `is_first`
 * is the one that it began with, `is_moved` one that ended with a move.
 */
function stays(tx: Tx, analysis: Analysis): SQL {
  const capability = analysis.capability ?? WHOLE_AGENT
  return sql`with records as (
      select m.agent_id, m.maturity, a.created_at, case when a.lifecycle = 'retired' then (
          select min(j.recorded_at) from journal j where j.workspace_id = a.workspace_id and j.agent_id = a.id
            and j.kind = 'agent.retired') end as retired_at
      from maturity_records m join agents a on a.workspace_id = m.workspace_id and a.id = m.agent_id
      where m.workspace_id = ${tx.workspace} and m.capability = ${capability} and ${isOfAgents('m.agent_id', analysis)}
    ), moves as (
      select t.agent_id, t.from_maturity, t.created_at, lag(t.created_at) over by_agent as since,
        row_number() over (partition by t.agent_id order by t.created_at desc, t.id desc) = 1 as is_last
      from maturity_transitions t
      where t.workspace_id = ${tx.workspace} and t.capability = ${capability} and ${isOfAgents('t.agent_id', analysis)}
      window by_agent as (partition by t.agent_id order by t.created_at, t.id)
    ), spans as (
      select r.agent_id, m.from_maturity as maturity, coalesce(m.since, r.created_at) as began_at,
        m.created_at as ended_at, r.retired_at, m.since is null as is_first, true as is_moved
      from records r join moves m on m.agent_id = r.agent_id
      union all
      select r.agent_id, r.maturity, coalesce(m.created_at, r.created_at), null, r.retired_at, m.agent_id is null, false
      from records r left join moves m on m.agent_id = r.agent_id and m.is_last
    ), stays as (
      select agent_id, maturity, began_at, least(ended_at, retired_at) as ended_at, is_first,
        is_moved and (retired_at is null or ended_at < retired_at) as is_moved
      from spans where retired_at is null or began_at < retired_at
    )`
}

/** How the number of agents at a level changed in a bucket; those before the range have no bucket. */
export interface PopulationChange {
  readonly at: string | null
  readonly maturity: Maturity
  readonly change: number
}

/** Reads how the population changed, up to the end of a range. */
export async function readPopulationChanges(tx: Tx, analysis: Analysis): Promise<readonly PopulationChange[]> {
  const { range } = analysis
  const rows = await rowsOf<PopulationChange>(
    tx,
    sql`${stays(tx, analysis)}
        select case when c.at >= ${range.from}::timestamptz then ${bucketOf('c.at', range)} end as at, c.maturity,
          sum(c.change)::int as change
        from (
          select began_at as at, maturity, 1 as change from stays
          union all select ended_at, maturity, -1 from stays where ended_at is not null
        ) as c
        where c.at < ${range.to}::timestamptz group by 1, 2`,
  )
  return rows.map((row) => ({ ...row, at: isoOf(row.at) }))
}

/** Counts the changes of maturity of a range, the most frequent first. */
export function countTransitions(tx: Tx, analysis: Analysis): Promise<readonly AnalyticsTransition[]> {
  return rowsOf(
    tx,
    sql`select t.from_maturity as "from", t.to_maturity as "to", t.cause, count(*)::int as count
        from maturity_transitions t
        where t.workspace_id = ${tx.workspace} and t.capability = ${analysis.capability ?? WHOLE_AGENT}
          and ${isWithin('t.created_at', analysis.range)} and ${isOfAgents('t.agent_id', analysis)}
        group by 1, 2, 3 order by 4 desc, 1, 2, 3`,
  )
}

/** Measures the stays that ended with a move in a range, and those that last at its end. */
export function measureStays(tx: Tx, analysis: Analysis): Promise<readonly AnalyticsStay[]> {
  const { to } = analysis.range
  const hasMoved = sql`is_moved and ${isWithin('ended_at', analysis.range)}`
  const stillThere = sql`(ended_at is null or ended_at >= ${to}::timestamptz)`
  return rowsOf(
    tx,
    sql`${stays(tx, analysis)}, timed as (
          select maturity, ${hasMoved} as has_moved, ${stillThere} as is_there,
            extract(epoch from ended_at - began_at)::float8 / ${DAY_SECONDS}::int as stayed,
            extract(epoch from ${to}::timestamptz - began_at)::float8 / ${DAY_SECONDS}::int as staying
          from stays where began_at < ${to}::timestamptz
        )
        select maturity, (count(*) filter (where has_moved))::int as ended,
          avg(stayed) filter (where has_moved) as "meanDays",
          percentile_cont(0.5) within group (order by stayed) filter (where has_moved) as "medianDays",
          (count(*) filter (where is_there))::int as staying,
          avg(staying) filter (where is_there) as "stayingMeanDays"
        from timed group by maturity`,
  )
}

/** Of the agents that began as students and whose time for it ended in a range: how many there are, and moved in time. */
export async function countInternsInTime(
  tx: Tx,
  analysis: Analysis,
  days: number,
): Promise<{ readonly students: number; readonly inTime: number }> {
  const row = await rowOf<{ readonly students: number; readonly inTime: number }>(
    tx,
    sql`${stays(tx, analysis)}
        select count(*)::int as students, (count(*) filter (where is_moved and ended_at <= due_at))::int as "inTime"
        from (
          select *, began_at + ${days}::int * interval '1 day' as due_at from stays
          where is_first and maturity = 'student'
        ) as students
        where ${isWithin('due_at', analysis.range)} and (ended_at is null or is_moved or ended_at > due_at)`,
  )
  return row ?? { students: 0, inTime: 0 }
}
