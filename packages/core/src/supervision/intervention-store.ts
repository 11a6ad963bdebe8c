import type { Intervention, JsonObject } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** An intervention, as it is written; one that is applied at once says so. */
export interface NewIntervention {
  readonly id: string
  readonly session: string
  readonly agent: string
  readonly type: Intervention['type']
  readonly guidance: string | null
  readonly args: JsonObject | null
  readonly step: string | null
  readonly reason: string | null
  readonly by: string
  readonly at: string
  readonly applied: boolean
}

/** Writes an intervention. */
export async function insertIntervention(tx: Tx, row: NewIntervention): Promise<void> {
  const args = row.args === null ? null : JSON.stringify(row.args)
  await countOf(
    tx,
    sql`insert into interventions (id, workspace_id, session_id, agent_id, type, guidance, args, step_id, reason,
          requested_by, requested_at, applied_at)
        values (${row.id}, ${tx.workspace}, ${row.session}, ${row.agent}, ${row.type}, ${row.guidance}, ${args}::jsonb,
          ${row.step}, ${row.reason}, ${row.by}, ${row.at}, ${row.applied ? row.at : null})`,
  )
}

/** A correction that reached its run. */
export interface DeliveredCorrection {
  readonly id: string
  readonly guidance: string | null
  readonly by: string
}

/**
 * Takes the corrections that wait for a session, oldest first: each is given to one caller alone. Those of another step
 * wait for that one.
 */
export async function takeCorrections(
  tx: Tx,
  taken: { readonly session: string; readonly step: string; readonly at: string },
): Promise<readonly DeliveredCorrection[]> {
  const rows = await rowsOf<{ readonly id: string; readonly guidance: string | null; readonly requested_by: string }>(
    tx,
    sql`with due as (
          update interventions set applied_at = ${taken.at}, applied_to = ${taken.step}
          where workspace_id = ${tx.workspace} and session_id = ${taken.session} and applied_at is null
            and (step_id is null or step_id = ${taken.step})
          returning id, guidance, requested_by, requested_at
        ) select id, guidance, requested_by from due order by requested_at, id`,
  )
  return rows.map(({ id, guidance, requested_by: by }) => ({ id, guidance, by }))
}

/** Whether corrections wait for a session. */
export async function hasCorrections(tx: Tx, session: string): Promise<boolean> {
  const row = await rowOf<{ readonly id: string }>(
    tx,
    sql`select id from interventions where workspace_id = ${tx.workspace} and session_id = ${session}
          and applied_at is null limit 1`,
  )
  return row !== undefined
}

/** How often people changed what a session did, which its rating is weighed by. */
export async function countCorrections(tx: Tx, session: string): Promise<number> {
  const row = await rowOf<{ readonly corrections: string }>(
    tx,
    sql`select count(*) as corrections from interventions where workspace_id = ${tx.workspace}
          and session_id = ${session} and type in ('correct', 'object') and requested_by not like 'agent:%'`,
  )
  return Number(row?.corrections ?? 0)
}

/** Reads the last interventions of a session, newest first. */
export async function listInterventions(
  tx: Tx,
  query: { readonly session: string; readonly limit: number },
): Promise<readonly Intervention[]> {
  const rows = await rowsOf<{
    readonly id: string
    readonly type: Intervention['type']
    readonly guidance: string | null
    readonly step_id: string | null
    readonly reason: string | null
    readonly requested_by: string
    readonly requested_at: string
    readonly applied_at: string | null
  }>(
    tx,
    sql`select id, type, guidance, step_id, reason, requested_by, requested_at, applied_at from interventions
        where workspace_id = ${tx.workspace} and session_id = ${query.session}
        order by requested_at desc, id desc limit ${query.limit}`,
  )
  return rows.map(({ id, type, guidance, reason, ...row }) => ({
    id,
    type,
    guidance,
    step: row.step_id,
    reason,
    requestedBy: row.requested_by,
    requestedAt: isoOf(row.requested_at),
    appliedAt: isoOf(row.applied_at),
  }))
}
