import type { AnalyticsSupervision } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { Analysis } from './analysis.ts'
import { exercises, isOfAgents, isOfCapability, isWithin } from './filter-store.ts'

/** Counts the sessions that ended in a range after somebody watched them, and those that only agents watched. */
export async function countWatched(
  tx: Tx,
  analysis: Analysis,
): Promise<{ readonly all: number; readonly byAgents: number }> {
  const row = await rowOf<{ readonly all: number; readonly byAgents: number }>(
    tx,
    sql`select count(*)::int as all, (count(*) filter (where not exists (
            select from unnest(s.supervised_by) as one (name) where one.name not like 'agent:%')))::int as "byAgents"
        from supervision_sessions s
        where s.workspace_id = ${tx.workspace} and ${isWithin('s.ended_at', analysis.range)} and s.supervised_by <> '{}'
          and ${isOfAgents('s.agent_id', analysis)} and ${isOfCapability('s.capability', analysis)}`,
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
    sql`select s.state, count(*)::int as count from supervision_sessions s
        where s.workspace_id = ${tx.workspace} and ${isWithin('s.ended_at', analysis.range)}
          and ${isOfAgents('s.agent_id', analysis)} and ${isOfCapability('s.capability', analysis)}
        group by s.state`,
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
  const row = await rowOf<AnalyticsSupervision['queue']>(
    tx,
    sql`select count(*)::int as waited, (count(*) filter (where q.state = 'expired'))::int as expired,
          percentile_cont(0.5) within group (
            order by extract(epoch from q.started_at - q.created_at)::float8) as "medianWaitSeconds"
        from supervised_queue q
        where q.workspace_id = ${tx.workspace} and ${isWithin('q.created_at', analysis.range)}
          and ${isOfAgents('q.agent_id', analysis)}
          and ${exercises(tx, { name: 'q.action', digest: 'q.digest' }, analysis)}`,
  )
  return row ?? { waited: 0, expired: 0, medianWaitSeconds: null }
}
