import { type SQL, sql } from 'drizzle-orm'
import { countOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { type Analysis, type TimeSpan, wholeDaysOf, wholeHoursOf } from './analysis.ts'
import type { Step } from './distribution.ts'
import { isOfAgents, isOfCapability, isWithin } from './filter-store.ts'

/** What is counted when it came to its end. */
export type Measure = 'settled' | 'review' | 'blocked' | 'session' | 'queue'

// Of things without a time.
const NO_STEP = -1_000

/**
 * What is counted of a measure in a range, with the columns `at`, `facet`, `step`, `count` and `seconds`: whole days and hours as
 * they were added up, and one by one what is at the edges, or was not added up yet. One statement sees a row before it was
 * added up or after, so that none is missed and none counts twice.
 */
export function activityOf(tx: Tx, measure: Measure, analysis: Analysis): SQL {
  const { range } = analysis
  const hours = wholeHoursOf(range)
  const days = hours === null || range.bucket === 'hour' ? null : wholeDaysOf(hours)
  const sums = (width: 'hour' | 'day', span: TimeSpan): SQL =>
    sql`select s.at, s.facet, nullif(s.step, ${NO_STEP}::int) as step, s.count, s.seconds from activity_sums s
      where s.workspace_id = ${tx.workspace} and s.measure = ${measure} and s.width = ${width} and ${isWithin('s.at', span)}
        and ${summedOf(analysis)} and ${isOfCapability('s.capability', analysis)}`
  const facts = (where: SQL): SQL =>
    sql`select a.at, a.facet, a.step, a.count::bigint, a.seconds from activity a
      where a.workspace_id = ${tx.workspace} and a.measure = ${measure} and ${where} and ${isOfAgents('a.agent_id', analysis)}
        and ${isOfCapability('a.capability', analysis)}`
  const parts = [
    ...(days === null ? [] : [sums('day', days)]),
    ...outside(hours, days).map((span) => sums('hour', span)),
    ...outside(range, hours).map((span) => facts(sql`a.is_summed and ${isWithin('a.at', span)}`)),
    facts(sql`not a.is_summed and ${isWithin('a.at', range)}`),
  ]
  return sql.join(parts, sql` union all `)
}

/** The sums that are asked for: those of all agents together, or of some. */
function summedOf({ agent, only }: Analysis): SQL {
  return agent === null && only === null
    ? sql`s.agent_id = ''`
    : sql`s.agent_id <> '' and ${isOfAgents('s.agent_id', { agent, only })}`
}

/** What of a span lies before and after a part of it. */
function outside(span: TimeSpan | null, part: TimeSpan | null): readonly TimeSpan[] {
  if (span === null) return []
  if (part === null) return [span]
  const around = [
    { from: span.from, to: part.from },
    { from: part.to, to: span.to },
  ]
  return around.filter(({ from, to }) => from < to)
}

/** The times of what is counted, by their steps. */
export async function readSteps(tx: Tx, activity: SQL): Promise<readonly Step[]> {
  const rows = await rowsOf<Step>(
    tx,
    sql`select o.step, sum(o.count)::int as count, sum(o.seconds)::float8 as seconds from (${activity}) as o
        where o.step is not null group by 1 having sum(o.count) <> 0`,
  )
  return rows
}

/** Adds up some of what waits; gives how many rows. Whoever takes a row adds it, nobody else. */
export function addUpSomeActivity(tx: Tx, limit: number): Promise<number> {
  return countOf(
    tx,
    sql`with next as (
          select id from activity where workspace_id = ${tx.workspace} and not is_summed
          order by id limit ${limit} for update skip locked
        ), taken as (
          update activity a set is_summed = true from next where a.id = next.id returning a.*
        ), added as (
          insert into activity_sums (workspace_id, measure, width, at, agent_id, capability, facet, step, count, seconds)
          select ${tx.workspace}, t.measure, w.width, date_trunc(w.width, t.at, 'UTC') as begins, o.agent, t.capability, t.facet,
            coalesce(t.step, ${NO_STEP}::int) as in_step, sum(t.count), sum(t.seconds)
          from taken t cross join (values ('hour'), ('day')) as w (width)
            cross join lateral (values (''), (t.agent_id)) as o (agent)
          group by 2, 3, 4, 5, 6, 7, 8 order by 2, 3, 4, 5, 6, 7, 8
          on conflict (workspace_id, measure, width, agent_id, at, capability, facet, step) do update
            set count = activity_sums.count + excluded.count, seconds = activity_sums.seconds + excluded.seconds
        )
        select from taken`,
  )
}

/** Finds the workspaces of which something waits to be added up. */
export async function findUnsummed(tx: Tx): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select distinct workspace_id from activity where not is_summed`,
  )
  return rows.map((row) => row.workspace_id)
}
