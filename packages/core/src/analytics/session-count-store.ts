import type { AnalyticsSupervision } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { activityOf, readSteps } from './activity-store.ts'
import type { Analysis } from './analysis.ts'
import { quantileOf } from './distribution.ts'
import { isOfAgents, isOfCapability, isWithin } from './filter-store.ts'

/** Counts the sessions that ended in a range after somebody watched them, and those that only agents watched. */
export async function countWatched(
  tx: Tx,
  analysis: Analysis,
): Promise<{ readonly all: number; readonly byAgents: number }> {
  const row = await rowOf<{ readonly all: number; readonly byAgents: number }>(
    tx,
    sql`select coalesce(sum(o.count) filter (where o.facet not like '%/nobody'), 0)::int as all,
          coalesce(sum(o.count) filter (where o.facet like '%/agents'), 0)::int as "byAgents"
        from (${activityOf(tx, 'session', analysis)}) as o`,
  )
  return row ?? { all: 0, byAgents: 0 }
}

/** Counts the sessions that ended in a range, by how they did. */
export function countEnded(
  tx: Tx,
  analysis: Analysis,
): Promise<readonly { readonly state: keyof AnalyticsSupervision['sessions']; readonly count: number }[]> {
  return rowsOf(
    tx,
    sql`select split_part(o.facet, '/', 1) as state, sum(o.count)::int as count
        from (${activityOf(tx, 'session', analysis)}) as o group by 1`,
  )
}

/** Counts the interventions that were requested in a range, by type. */
export function countInterventions(
  tx: Tx,
  analysis: Analysis,
): Promise<readonly { readonly type: keyof AnalyticsSupervision['interventions']; readonly count: number }[]> {
  return rowsOf(
    tx,
    sql`select i.type, count(*)::int as count
        from interventions i join supervision_sessions s on s.id = i.session_id
        where i.workspace_id = ${tx.workspace} and ${isWithin('i.requested_at', analysis.range)}
          and ${isOfAgents('i.agent_id', analysis)} and ${isOfCapability('s.capability', analysis)}
        group by i.type`,
  )
}

/** The ratings that were given in a range. */
export async function measureRatings(
  tx: Tx,
  analysis: Analysis,
): Promise<{ readonly rated: number; readonly mean: number | null }> {
  const row = await rowOf<{ readonly rated: number; readonly mean: number | null }>(
    tx,
    sql`select count(*)::int as rated, avg(s.rating)::float8 as mean from supervision_sessions s
        where s.workspace_id = ${tx.workspace} and ${isWithin('s.rated_at', analysis.range)}
          and ${isOfAgents('s.agent_id', analysis)} and ${isOfCapability('s.capability', analysis)}`,
  )
  return row ?? { rated: 0, mean: null }
}

/** What became of the queue entries that were made in a range. */
export async function measureQueue(tx: Tx, analysis: Analysis): Promise<AnalyticsSupervision['queue']> {
  const activity = activityOf(tx, 'queue', analysis)
  const row = await rowOf<{ readonly waited: number; readonly expired: number }>(
    tx,
    sql`select coalesce(sum(o.count) filter (where o.facet = 'waited'), 0)::int as waited,
          coalesce(sum(o.count) filter (where o.facet = 'expired'), 0)::int as expired from (${activity}) as o`,
  )
  const steps = await readSteps(tx, activity)
  return {
    waited: row?.waited ?? 0,
    expired: row?.expired ?? 0,
    medianWaitSeconds: quantileOf(steps, 0.5, 'between'),
  }
}
