import type { Route, TriggerSource } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { isoOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { readSeen, unsealedRows } from '../journal/unsealed-store.ts'
import { type Analysis, type TimeSpan, wholeHoursOf } from './analysis.ts'
import { readProgress } from './decision-sum-store.ts'
import { bucketOf, exercises, isOfAgents, isWithin } from './filter-store.ts'

/** How many decisions of one kind were made in a bucket. */
export interface DecisionCount {
  readonly at: string
  readonly route: Route
  readonly source: TriggerSource
  /** Whether it was decided by the maturity of a student. */
  readonly isStudent: boolean
  /** Whether it let run what people had approved. */
  readonly isApproved: boolean
  readonly count: number
}

// To look for more than that by their seals takes longer than to read the range.
const MOST_UNCOUNTED = 20_000

/**
 * Counts the decisions of a range: whole hours as they were added up, and what is not in those counts, at the edges of the range and
 * since, from the journal.
 */
export async function countDecisions(tx: Tx, analysis: Analysis): Promise<readonly DecisionCount[]> {
  const { counted, sealed } = await readProgress(tx)
  const seen = await readSeen(tx)
  const hours = sealed - counted > MOST_UNCOUNTED ? null : wholeHoursOf(analysis.range)
  const rows = await rowsOf<DecisionCount>(
    tx,
    sql`select at, route, source, "isStudent", "isApproved", sum(count)::int as count
        from (${hours === null ? fromJournal(tx, analysis, all(tx, analysis)) : fromBoth(tx, analysis, { hours, counted, seen })}) as counts
        group by 1, 2, 3, 4, 5`,
  )
  return rows.map((row) => ({ ...row, at: isoOf(row.at) }))
}

// One statement: a count that moves meanwhile is read before it moved or after, with what it counts.
function fromBoth(
  tx: Tx,
  analysis: Analysis,
  { hours, counted, seen }: { readonly hours: TimeSpan; readonly counted: number; readonly seen: string },
): SQL {
  const { from, to } = analysis.range
  const edges = [
    { from, to: hours.from },
    { from: hours.to, to },
  ].filter((edge) => edge.from < edge.to)
  const waiting = unsealedRows(tx, seen, {
    columns: sql`j.recorded_at, j.agent_id, j.body`,
    where: sql`j.kind = 'decision.made' and ${isWithin('j.recorded_at', hours)}`,
  })
  const uncounted = [sealedSince(tx, hours, counted), waiting]
  const parts = [...edges.map((edge) => inSpan(tx, edge)), ...uncounted]
  return sql`${fromCounts(tx, analysis, hours)} union all ${fromJournal(tx, analysis, sql.join(parts, sql` union all `))}`
}

function fromCounts(tx: Tx, analysis: Analysis, hours: TimeSpan): SQL {
  const isOfAll = analysis.agent === null && analysis.only === null && analysis.capability === null
  const filters = sql`and ${isOfAgents('c.agent_id', analysis)}
    and ${exercises(tx, { name: 'c.action', digest: 'c.digest' }, analysis)}`
  return sql`select ${bucketOf('c.hour', analysis.range)} as at, c.route, c.source, c.is_student as "isStudent",
      c.is_approved as "isApproved", c.count
    from ${sql.raw(isOfAll ? 'decision_totals' : 'decision_counts')} c
    where c.workspace_id = ${tx.workspace} and ${isWithin('c.hour', hours)} ${isOfAll ? sql`` : filters}`
}

/** Counts decisions one by one; `rows` gives the time, the agent and the body of each. */
function fromJournal(tx: Tx, analysis: Analysis, rows: SQL): SQL {
  // Every body is read once: without the fence each of the paths would parse it again.
  return sql`select ${bucketOf('d.recorded_at', analysis.range)} as at, d.body #>> '{decision,route}' as route,
      d.body #>> '{decision,source}' as source,
      coalesce(d.body #>> '{decision,maturity}' = 'student', false) as "isStudent",
      d.body #> '{decision,approval}' is not null as "isApproved", 1 as count
    from (
      select r.recorded_at, r.body::jsonb as body from (${rows}) as r
      where ${isOfAgents('r.agent_id', analysis)}
      offset 0
    ) as d
    where ${exercises(tx, { name: `(d.body #>> '{decision,action}')`, digest: `(d.body ->> 'digest')` }, analysis)}`
}

const all = (tx: Tx, { range }: Analysis): SQL => inSpan(tx, range)

function decisions(tx: Tx, span: TimeSpan, rest: SQL): SQL {
  return sql`select j.recorded_at, j.agent_id, j.body from journal j ${rest}
    and j.workspace_id = ${tx.workspace} and j.kind = 'decision.made' and ${isWithin('j.recorded_at', span)}`
}

const inSpan = (tx: Tx, span: TimeSpan): SQL => decisions(tx, span, sql`where true`)

// What was counted a moment ago is counted now: it tells the planner how few are left.
function sealedSince(tx: Tx, span: TimeSpan, counted: number): SQL {
  return decisions(
    tx,
    span,
    sql`join journal_seals s on s.journal_id = j.id
      where s.workspace_id = ${tx.workspace} and s.sequence > ${counted}::bigint and s.sequence >
        coalesce((select h.sequence from decision_count_heads h where h.workspace_id = ${tx.workspace}), 0)`,
  )
}
