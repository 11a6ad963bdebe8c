import { type SQL, sql } from 'drizzle-orm'
import { rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** How many there are under one label. */
export interface LabelCount {
  readonly label: string
  readonly count: number
}

/** The system role sees all workspaces, and is asked about all; the application role its own. */
const here = (tx: Tx, table: string): SQL =>
  tx.workspace === '*' ? sql`true` : sql`${sql.raw(table)}.workspace_id = ${tx.workspace}`

/** Counts the proposals that wait for people, by risk. */
export function countOpenProposals(tx: Tx): Promise<readonly LabelCount[]> {
  return rowsOf(
    tx,
    sql`select p.risk as label, count(*)::int as count from proposals p
        where ${here(tx, 'p')} and p.state = 'pending' group by p.risk`,
  )
}

/** Counts the sessions that have not ended, by state. */
export function countOpenSessions(tx: Tx): Promise<readonly LabelCount[]> {
  return rowsOf(
    tx,
    sql`select s.state as label, count(*)::int as count from supervision_sessions s
        where ${here(tx, 's')} and s.state not in ('completed', 'terminated', 'failed') group by s.state`,
  )
}

/** Counts the queue entries that wait, by what they wait for; `at` is ISO 8601. */
export function countQueued(tx: Tx, at: string): Promise<readonly LabelCount[]> {
  return rowsOf(
    tx,
    sql`select case when q.session_id is not null then 'offered'
            when q.not_before > ${at}::timestamptz then 'put_back' else 'unwatched' end as label, count(*)::int as count
        from supervised_queue q where ${here(tx, 'q')} and q.state = 'pending' group by 1`,
  )
}

/** Counts the agents of a workspace that are not retired, by their level at large. */
export function countAgents(tx: Tx): Promise<readonly LabelCount[]> {
  return rowsOf(
    tx,
    sql`select m.maturity as label, count(*)::int as count
        from maturity_records m join agents a on a.workspace_id = m.workspace_id and a.id = m.agent_id
        where m.workspace_id = ${tx.workspace} and m.capability = '*' and a.lifecycle <> 'retired' group by m.maturity`,
  )
}

/** What people made of verdicts of reviewers that had no effect: they decided the same proposal afterwards. */
export async function countAgreement(tx: Tx): Promise<{ readonly agreed: number; readonly judged: number }> {
  const row = await rowOf<{ readonly agreed: number; readonly judged: number }>(
    tx,
    sql`select count(*)::int as judged,
          count(*) filter (where (j.verdict = 'approve') = (j.decided = 'approve'))::int as agreed
        from (
          select v.verdict, d.verdict as decided from reviews v
          cross join lateral (
            select p.verdict, p.version from proposal_reviews p
            where p.workspace_id = v.workspace_id and p.proposal_id = v.proposal_id and p.version >= v.version
              and p.reviewer like 'user:%' and p.created_at >= v.created_at
            order by p.created_at, p.id limit 1) d
          where v.workspace_id = ${tx.workspace} and v.kind = 'proposal' and v.state = 'completed' and not v.is_fault
            and v.effect = 'none' and v.verdict in ('approve', 'deny') and d.verdict in ('approve', 'reject')
            and d.version = v.version
          order by v.created_at desc limit ${MOST_JUDGED}) j`,
  )
  return row ?? { agreed: 0, judged: 0 }
}

const MOST_JUDGED = 2_000

/** Names some workspaces, in the order of their names. */
export async function listWorkspaces(tx: Tx, limit: number): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select workspace_id from workspaces order by workspace_id limit ${limit}`,
  )
  return rows.map(({ workspace_id }) => workspace_id)
}
