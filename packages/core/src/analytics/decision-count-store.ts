import type { Route, TriggerSource } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { isoOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { Analysis } from './analysis.ts'
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

/** Counts the decisions of a range, from the journal. */
export async function countDecisions(tx: Tx, analysis: Analysis): Promise<readonly DecisionCount[]> {
  const { range } = analysis
  // Every body is read once: without the fence each of the paths would parse it again.
  const rows = await rowsOf<DecisionCount>(
    tx,
    sql`select ${bucketOf('d.recorded_at', range)} as at, d.body #>> '{decision,route}' as route,
          d.body #>> '{decision,source}' as source,
          coalesce(d.body #>> '{decision,maturity}' = 'student', false) as "isStudent",
          d.body #> '{decision,approval}' is not null as "isApproved", count(*)::int as count
        from (
          select j.recorded_at, j.body::jsonb as body from journal j
          where j.workspace_id = ${tx.workspace} and j.kind = 'decision.made' and ${isWithin('j.recorded_at', range)}
            and ${isOfAgents('j.agent_id', analysis)}
          offset 0
        ) as d
        where ${exercises(tx, { name: `(d.body #>> '{decision,action}')`, digest: `(d.body ->> 'digest')` }, analysis)}
        group by 1, 2, 3, 4, 5`,
  )
  return rows.map((row) => ({ ...row, at: isoOf(row.at) }))
}
