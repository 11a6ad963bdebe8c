import { type SQL, sql } from 'drizzle-orm'
import { isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { Analysis } from './analysis.ts'
import { bucketOf, exercises, isOfAgents, isOfCapability, isWithin } from './filter-store.ts'

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

// Whoever did not decide in time wrote no decision: when it expired is the last that is written of a proposal.
const SETTLED_AT = 'coalesce(p.decided_at, p.updated_at)'

// An approval that nobody used in time was given all the same.
const OUTCOME: SQL = sql.raw(`case when p.state in ('rejected', 'responded', 'cancelled') then p.state
  when p.decided_at is null then 'expired' when p.requested_hash = v.args_hash then 'approved' else 'edited' end`)

function settled(tx: Tx, analysis: Analysis): SQL {
  return sql`from proposals p
    join proposal_versions v on v.proposal_id = p.id and v.version = p.version
    where p.workspace_id = ${tx.workspace} and p.state <> 'pending' and ${isWithin(SETTLED_AT, analysis.range)}
      and ${isOfAgents('p.agent_id', analysis)} and ${exercises(tx, { name: 'p.action', digest: 'p.digest' }, analysis)}`
}

/** Counts the proposals that were settled in a range. */
export async function countSettled(tx: Tx, analysis: Analysis): Promise<readonly SettledCount[]> {
  const rows = await rowsOf<SettledCount>(
    tx,
    sql`select ${bucketOf(SETTLED_AT, analysis.range)} as at, ${OUTCOME} as outcome,
          p.decided_by <> '{}' and not exists (select from unnest(p.decided_by) as one (name)
            where one.name not like 'agent:%') as "isByAgents",
          count(*)::int as count
        ${settled(tx, analysis)} group by 1, 2, 3`,
  )
  return rows.map((row) => ({ ...row, at: isoOf(row.at) }))
}

/** How long it took to decide on proposals, in seconds; null where nobody decided. */
export interface DecisionTimes {
  readonly median: number | null
  readonly p95: number | null
}

/** Measures how long those who decided on proposals in a range took, from the creation on. */
export async function measureDecisionTimes(tx: Tx, analysis: Analysis): Promise<DecisionTimes> {
  const row = await rowOf<DecisionTimes>(
    tx,
    sql`select percentile_cont(0.5) within group (order by seconds) as median,
          percentile_disc(0.95) within group (order by seconds) as p95
        from (
          select extract(epoch from p.decided_at - p.created_at)::float8 as seconds
          ${settled(tx, analysis)} and p.decided_at is not null and p.state <> 'cancelled'
        ) as decided`,
  )
  return row ?? { median: null, p95: null }
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
