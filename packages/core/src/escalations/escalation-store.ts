import type { Escalation, EscalationMatch, EscalationStep, EscalationTarget, Risk } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

/** Writes an escalation. */
export async function insertEscalation(tx: Tx, escalation: Escalation): Promise<void> {
  const { match } = escalation
  await countOf(
    tx,
    sql`insert into escalations (id, workspace_id, name, risks, action, agent_id, steps, repeat, created_by, created_at)
        values (${escalation.id}, ${tx.workspace}, ${escalation.name}, ${sql.param(match.risks ?? null)}::text[],
          ${match.action ?? null}, ${match.agent ?? null}, ${JSON.stringify(escalation.steps)}::jsonb,
          ${escalation.repeat}, ${escalation.createdBy}, ${escalation.createdAt})`,
  )
}

interface EscalationRow {
  readonly id: string
  readonly name: string
  readonly risks: readonly Risk[] | null
  readonly action: string | null
  readonly agent_id: string | null
  readonly steps: readonly EscalationStep[]
  readonly repeat: number
  readonly created_by: string
  readonly created_at: string
}

/** Reads a page of escalations, newest first, one more than the limit. */
export async function listEscalations(
  tx: Tx,
  { before, limit }: { readonly before: TimePlace | null; readonly limit: number },
): Promise<readonly Escalation[]> {
  const rows = await rowsOf<EscalationRow>(
    tx,
    sql`select * from escalations
        where workspace_id = ${tx.workspace} and (${before?.at ?? null}::timestamptz is null
          or (created_at, id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}))
        order by created_at desc, id desc limit ${limit + 1}`,
  )
  return rows.map(toEscalation)
}

/** Removes an escalation and gives it; undefined when there is none. */
export async function deleteEscalation(tx: Tx, id: string): Promise<Escalation | undefined> {
  const row = await rowOf<EscalationRow>(
    tx,
    sql`delete from escalations where workspace_id = ${tx.workspace} and id = ${id} returning *`,
  )
  return row && toEscalation(row)
}

function toEscalation(row: EscalationRow): Escalation {
  const match: EscalationMatch = {
    ...(row.risks === null ? {} : { risks: row.risks }),
    ...(row.action === null ? {} : { action: row.action }),
    ...(row.agent_id === null ? {} : { agent: row.agent_id }),
  }
  return {
    id: row.id,
    name: row.name,
    match,
    steps: row.steps,
    repeat: row.repeat,
    createdBy: row.created_by,
    createdAt: isoOf(row.created_at),
  }
}

/** A step that is due for a proposal. */
export interface DueStep {
  readonly proposal: string
  readonly version: number
  readonly agent: string
  readonly action: string
  readonly risk: Risk
  readonly expiresAt: string
  readonly escalation: string
  readonly name: string
  /** Counted from 0, as the steps are. */
  readonly loop: number
  readonly step: number
  readonly notify: EscalationTarget
}

interface DueRow extends Omit<DueStep, 'expiresAt'> {
  readonly expires_at: string
}

/**
 * The next steps that are due, of proposals that wait for a decision, which are held until the transaction ends; what
 * another transaction holds is left. A step is due so long after the one before it, so that a stopped worker, once it runs
 * again, does not tell everybody at once.
 */
export async function holdDueSteps(
  tx: Tx,
  { at, limit }: { readonly at: string; readonly limit: number },
): Promise<readonly DueStep[]> {
  const rows = await rowsOf<DueRow>(
    tx,
    sql`select p.id as proposal, p.version, p.agent_id as agent, p.action, p.risk, p.expires_at,
          e.id as escalation, e.name, n.loop, n.step, e.steps -> n.step -> 'notify' as notify
        from proposals p
        join proposal_versions v on v.proposal_id = p.id and v.version = p.version
        join escalations e on e.workspace_id = p.workspace_id and (e.risks is null or p.risk = any(e.risks))
          and (e.action is null or e.action = p.action) and (e.agent_id is null or e.agent_id = p.agent_id)
        left join lateral (
          select x.loop, x.step, x.created_at from proposal_escalations x
          where x.proposal_id = p.id and x.version = p.version and x.escalation_id = e.id
          order by x.loop desc, x.step desc limit 1) as last on true
        cross join lateral (
          select case when last.step is null then 0 when last.step + 1 < jsonb_array_length(e.steps) then last.loop
              else last.loop + 1 end as loop,
            case when last.step is null or last.step + 1 >= jsonb_array_length(e.steps) then 0 else last.step + 1 end as step
        ) as n
        where p.workspace_id = ${tx.workspace} and p.state = 'pending' and p.expires_at > ${at} and p.acknowledged_at is null
          and (p.snoozed_until is null or p.snoozed_until <= ${at})
          and n.loop <= e.repeat
          and coalesce(last.created_at, v.created_at)
            + (e.steps -> n.step ->> 'afterMs')::bigint * interval '1 millisecond' <= ${at}
        order by p.id, e.id limit ${limit} for update of p skip locked`,
  )
  return rows.map(({ expires_at, ...row }) => ({ ...row, expiresAt: isoOf(expires_at) }))
}

/** Notes that a step was taken; false when it was taken before. */
export async function insertStep(tx: Tx, due: DueStep, at: string): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into proposal_escalations (workspace_id, proposal_id, version, escalation_id, loop, step, notified,
          created_at)
        values (${tx.workspace}, ${due.proposal}, ${due.version}, ${due.escalation}, ${due.loop}, ${due.step},
          ${JSON.stringify(due.notify)}::jsonb, ${at})
        on conflict do nothing`,
  )
  return inserted === 1
}

/** Finds the workspaces in which something waits for a decision, and somebody may have to be told. */
export async function findEscalating(tx: Tx): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select distinct e.workspace_id from escalations e
        where exists (select from proposals p where p.workspace_id = e.workspace_id and p.state = 'pending')`,
  )
  return rows.map((row) => row.workspace_id)
}
