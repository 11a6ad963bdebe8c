import { sql } from 'drizzle-orm'
import { countOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** How far the sealed journal of a workspace goes, and how far its decisions are counted; sequences, 0 for none. */
export async function readProgress(tx: Tx): Promise<{ readonly counted: number; readonly sealed: number }> {
  const row = await rowOf<{ readonly counted: string; readonly sealed: string }>(
    tx,
    sql`select
          coalesce((select sequence from decision_count_heads where workspace_id = ${tx.workspace}), 0)::text as counted,
          coalesce((select sequence from journal_heads where workspace_id = ${tx.workspace}), 0)::text as sealed`,
  )
  return { counted: Number(row?.counted ?? 0), sealed: Number(row?.sealed ?? 0) }
}

/** Some seals that come one after the other: those after a sequence, up to another. */
export interface Seals {
  readonly after: number
  readonly to: number
}

/** Says that seals are counted; false where somebody else has moved the head meanwhile. */
export async function moveHead(tx: Tx, { after, to, at }: Seals & { readonly at: string }): Promise<boolean> {
  const moved = await countOf(
    tx,
    after === 0
      ? sql`insert into decision_count_heads (workspace_id, sequence, counted_at) values (${tx.workspace}, ${to}, ${at})
            on conflict (workspace_id) do nothing`
      : sql`update decision_count_heads set sequence = ${to}, counted_at = ${at}
            where workspace_id = ${tx.workspace} and sequence = ${after}`,
  )
  return moved === 1
}

/** Adds the decisions of some seals to the counts of their hours. */
export async function addCounts(tx: Tx, { after, to }: Seals): Promise<void> {
  await countOf(
    tx,
    sql`with decisions as materialized (
          select date_trunc('hour', j.recorded_at, 'UTC') as hour, coalesce(j.agent_id, '') as agent_id, j.body::jsonb as body
          from journal_seals s join journal j on j.id = s.journal_id
          where s.workspace_id = ${tx.workspace} and s.sequence > ${after} and s.sequence <= ${to}
            and j.workspace_id = ${tx.workspace} and j.kind = 'decision.made'
        ), counts as materialized (
          select hour, agent_id, coalesce(body #>> '{decision,action}', '') as action, coalesce(body ->> 'digest', '') as digest,
            body #>> '{decision,route}' as route, body #>> '{decision,source}' as source,
            coalesce(body #>> '{decision,maturity}' = 'student', false) as is_student,
            body #> '{decision,approval}' is not null as is_approved, count(*) as count
          from decisions group by 1, 2, 3, 4, 5, 6, 7, 8
        ), added as (
          insert into decision_counts
          select ${tx.workspace}, hour, agent_id, action, digest, route, source, is_student, is_approved, count from counts
          on conflict (workspace_id, hour, agent_id, action, digest, route, source, is_student, is_approved)
          do update set count = decision_counts.count + excluded.count
        )
        insert into decision_totals
        select ${tx.workspace}, hour, route, source, is_student, is_approved, sum(count) from counts group by 2, 3, 4, 5, 6
        on conflict (workspace_id, hour, route, source, is_student, is_approved)
        do update set count = decision_totals.count + excluded.count`,
  )
}

/** Finds the workspaces with seals that are not counted yet. */
export async function findUncounted(tx: Tx): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select h.workspace_id from journal_heads h
        left join decision_count_heads c on c.workspace_id = h.workspace_id
        where h.workspace_id <> '*' and h.sequence > coalesce(c.sequence, 0)`,
  )
  return rows.map((row) => row.workspace_id)
}
