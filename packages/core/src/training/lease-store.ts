import { sql } from 'drizzle-orm'
import { countOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** A session that a runner holds. */
export interface ClaimedSession {
  readonly workspace: string
  readonly id: string
  readonly fence: number
}

/** How often a grader is asked about one answer before the answer waits for a person. */
export const MOST_GRADINGS = 5

/** Finds sessions of these agents that somebody can go on with now. */
export async function listDueSessions(
  tx: Tx,
  { agents, at, limit }: { readonly agents: readonly string[]; readonly at: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly id: string }>(
    tx,
    sql`select s.id from training_sessions s
        where s.workspace_id = ${tx.workspace} and s.agent_id = any(${sql.param(agents)}::text[])
          and (s.lease_expires_at is null or s.lease_expires_at <= ${at})
          and ((s.state = 'scheduled' and s.starts_at <= ${at}) or (s.state = 'in_progress' and (
            exists (select from scenario_runs r where r.session_id = s.id and r.score is null
              and (r.next_try_at is null or r.next_try_at <= ${at})
              and (case when r.answered_at is null
                then not exists (select from scenario_runs b where b.session_id = s.id and b.answered_at is null
                  and b.position < r.position)
                else r.scenario->'grader'->>'kind' <> 'human' and r.grading_attempts < ${MOST_GRADINGS} end))
            or not exists (select from scenario_runs r where r.session_id = s.id and r.score is null))))
        order by s.created_at limit ${limit}`,
  )
  return rows.map(({ id }) => id)
}

/** Claims a session for one runner; undefined when another one has it, or it is not to be run. */
export async function claimSession(
  tx: Tx,
  { id, at, leaseExpiresAt }: { readonly id: string; readonly at: string; readonly leaseExpiresAt: string },
): Promise<number | undefined> {
  const row = await rowOf<{ readonly fence: number }>(
    tx,
    sql`update training_sessions set fence = fence + 1, lease_expires_at = ${leaseExpiresAt}
        where workspace_id = ${tx.workspace} and id = ${id} and state in ('scheduled', 'in_progress')
          and (lease_expires_at is null or lease_expires_at <= ${at})
        returning fence`,
  )
  return row?.fence
}

/** Renews the claim of a runner, or with null gives it back; false when another one has it. */
export async function renewSession(
  tx: Tx,
  {
    id,
    fence,
    leaseExpiresAt,
  }: { readonly id: string; readonly fence: number; readonly leaseExpiresAt: string | null },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update training_sessions set lease_expires_at = ${leaseExpiresAt}
        where workspace_id = ${tx.workspace} and id = ${id} and fence = ${fence}
          and state in ('scheduled', 'in_progress', 'paused')`,
  )
  return changed === 1
}
