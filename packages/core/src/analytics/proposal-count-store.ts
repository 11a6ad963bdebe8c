import { sql } from 'drizzle-orm'
import { isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { activityOf, readSteps } from './activity-store.ts'
import type { Analysis } from './analysis.ts'
import { quantileOf } from './distribution.ts'
import { bucketOf, exercises, isOfAgents, isOfCapability } from './filter-store.ts'

/** How a proposal was settled. */
export type SettledOutcome = 'approved' | 'edited' | 'rejected' | 'responded' | 'expired' | 'cancelled'

/** How many proposals were settled one way in a bucket. */
export interface SettledCount {
  readonly at: string
  readonly outcome: SettledOutcome
  /** Whether autonomous reviewers decided, and nobody else. */
  readonly isByAgents: boolean
  readonly count: number
}

/** Counts the proposals that were settled in a range. */
export async function countSettled(tx: Tx, analysis: Analysis): Promise<readonly SettledCount[]> {
  const rows = await rowsOf<{ readonly at: string; readonly facet: string; readonly count: number }>(
    tx,
    sql`select ${bucketOf('o.at', analysis.range)} as at, o.facet, sum(o.count)::int as count
        from (${activityOf(tx, 'settled', analysis)}) as o group by 1, 2 having sum(o.count) <> 0`,
  )
  return rows.map(({ at, facet, count }) => {
    const [outcome = '', by] = facet.split('/')
    // What settles a proposal is written by the database, in these words.
    return { at: isoOf(at), outcome: outcome as SettledOutcome, isByAgents: by === 'agents', count }
  })
}

/** How long it took to decide on proposals, in seconds; null where nobody decided. */
export interface DecisionTimes {
  readonly median: number | null
  readonly p95: number | null
}

/** Measures how long those who decided on proposals in a range took, from the creation on. */
export async function measureDecisionTimes(tx: Tx, analysis: Analysis): Promise<DecisionTimes> {
  const steps = await readSteps(tx, activityOf(tx, 'settled', analysis))
  return { median: quantileOf(steps, 0.5, 'between'), p95: quantileOf(steps, 0.95, 'nearest') }
}

/** Counts what waits now. */
export async function countWaiting(
  tx: Tx,
  analysis: Analysis,
): Promise<{ readonly proposals: number; readonly trainingProposals: number; readonly queue: number }> {
  const row = await rowOf<{ readonly proposals: number; readonly training: number; readonly queue: number }>(
    tx,
    sql`select
          (select count(*)::int from proposals p where p.workspace_id = ${tx.workspace} and p.state = 'pending'
            and ${isOfAgents('p.agent_id', analysis)}
            and ${exercises(tx, { name: 'p.action', digest: 'p.digest' }, analysis)}) as proposals,
          (select count(*)::int from training_proposals t where t.workspace_id = ${tx.workspace}
            and t.state = 'proposed' and ${isOfAgents('t.agent_id', analysis)}
            and ${isOfCapability('t.capability', analysis)}) as training,
          (select count(*)::int from supervised_queue q where q.workspace_id = ${tx.workspace} and q.state = 'pending'
            and ${isOfAgents('q.agent_id', analysis)}
            and ${exercises(tx, { name: 'q.action', digest: 'q.digest' }, analysis)}) as queue`,
  )
  return { proposals: row?.proposals ?? 0, trainingProposals: row?.training ?? 0, queue: row?.queue ?? 0 }
}
