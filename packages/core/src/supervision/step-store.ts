import type { JsonObject, Risk, SessionStep } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { maskArgs } from '../journal/mask-sensitive.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'

/** A step that waits for its session. */
export interface NewStep {
  /** Id of its decision. */
  readonly id: string
  readonly session: string
  readonly agent: string
  readonly action: string
  readonly digest: string
  readonly args: JsonObject
  /** Places of the args that are hidden. */
  readonly sensitive: readonly SensitivePath[]
  readonly argsHash: string
  readonly risk: Risk
  readonly capability: string
  readonly resource: string | null
  /** What the person asked for, as the runtime says. */
  readonly request: string | null
  readonly delegation: readonly string[]
  readonly askedBy: string
  readonly at: string
}

/** A step as it stands, its args as they are. */
export interface StepRow {
  readonly id: string
  readonly session: string
  readonly agent: string
  readonly action: string
  readonly digest: string
  readonly args: JsonObject
  readonly sensitive: readonly SensitivePath[]
  /** That of the args that were asked for. */
  readonly argsHash: string
  readonly risk: Risk
  readonly capability: string
  readonly resource: string | null
  readonly request: string | null
  readonly delegation: readonly string[]
  readonly askedBy: string
  readonly state: SessionStep['state']
  readonly startsAt: string | null
  readonly correctedArgs: JsonObject | null
  /** How often it was corrected. */
  readonly corrections: number
  readonly objectedBy: string | null
  /** Until then an autonomous reviewer may come to watch it; null where none was let. */
  readonly reviewerUntil: string | null
  readonly createdAt: string
  readonly endedAt: string | null
}

interface Row {
  readonly id: string
  readonly session_id: string
  readonly agent_id: string
  readonly action: string
  readonly digest: string
  readonly args: JsonObject
  readonly sensitive: readonly SensitivePath[]
  readonly args_hash: string
  readonly risk: Risk
  readonly capability: string
  readonly resource: string | null
  readonly request: string | null
  readonly delegation: readonly string[]
  readonly asked_by: string | null
  readonly reviewer_until: string | null
  readonly state: SessionStep['state']
  readonly starts_at: string | null
  readonly corrected_args: JsonObject | null
  readonly corrections: number
  readonly objected_by: string | null
  readonly created_at: string
  readonly ended_at: string | null
}

function toStep(row: Row): StepRow {
  const { id, action, digest, args, sensitive, risk, capability, resource, request, state, corrections } = row
  return {
    id,
    session: row.session_id,
    agent: row.agent_id,
    action,
    digest,
    args,
    sensitive,
    argsHash: row.args_hash,
    risk,
    capability,
    resource,
    request,
    delegation: row.delegation,
    askedBy: row.asked_by ?? `agent:${row.agent_id}`,
    state,
    startsAt: isoOf(row.starts_at),
    correctedArgs: row.corrected_args,
    corrections,
    objectedBy: row.objected_by,
    reviewerUntil: isoOf(row.reviewer_until),
    createdAt: isoOf(row.created_at),
    endedAt: isoOf(row.ended_at),
  }
}

/** What people are shown of a step: nothing that its schema hides. */
export function shownStep(step: StepRow): SessionStep {
  const { id, action, sensitive, risk, state, startsAt, correctedArgs, objectedBy, createdAt, endedAt } = step
  const args = maskArgs(step.args, sensitive)
  const corrected = correctedArgs === null ? null : maskArgs(correctedArgs, sensitive)
  return { id, action, args, correctedArgs: corrected, risk, state, startsAt, objectedBy, createdAt, endedAt }
}

/** Writes a step that waits. */
export async function insertStep(tx: Tx, step: NewStep): Promise<void> {
  await countOf(
    tx,
    sql`insert into session_steps (id, workspace_id, session_id, agent_id, action, digest, args, sensitive, args_hash, risk,
          capability, resource, request, delegation, asked_by, state, created_at)
        values (${step.id}, ${tx.workspace}, ${step.session}, ${step.agent}, ${step.action}, ${step.digest},
          ${JSON.stringify(step.args)}::jsonb, ${JSON.stringify(step.sensitive)}::jsonb, ${step.argsHash}, ${step.risk},
          ${step.capability}, ${step.resource}, ${step.request}, ${sql.param(step.delegation)}::text[], ${step.askedBy},
          'waiting', ${step.at})`,
  )
}

/** Finds a step. */
export async function findStep(tx: Tx, id: string): Promise<StepRow | undefined> {
  const row = await rowOf<Row>(tx, sql`select * from session_steps where workspace_id = ${tx.workspace} and id = ${id}`)
  return row && toStep(row)
}

/** Reads the last steps of a session, newest first. */
export async function listSteps(
  tx: Tx,
  query: { readonly session: string; readonly limit: number },
): Promise<readonly StepRow[]> {
  const rows = await rowsOf<Row>(
    tx,
    sql`select * from session_steps where workspace_id = ${tx.workspace} and session_id = ${query.session}
        order by created_at desc, id desc limit ${query.limit}`,
  )
  return rows.map(toStep)
}

/** Announces when a step that waits begins; false when that was announced before. */
export async function announceStep(tx: Tx, step: { readonly id: string; readonly startsAt: string }): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update session_steps set starts_at = ${step.startsAt}
        where workspace_id = ${tx.workspace} and id = ${step.id} and state = 'waiting' and starts_at is null`,
  )
  return changed === 1
}

/** Lets a step begin that waits, as it was corrected so often; false otherwise. */
export async function startStep(tx: Tx, step: { readonly id: string; readonly corrections: number }): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update session_steps set state = 'started' where workspace_id = ${tx.workspace} and id = ${step.id}
          and state = 'waiting' and corrections = ${step.corrections}`,
  )
  return changed === 1
}

/** Gives a step that waits other args; false when it does not wait. */
export async function correctStep(tx: Tx, step: { readonly id: string; readonly args: JsonObject }): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update session_steps set corrected_args = ${JSON.stringify(step.args)}::jsonb, corrections = corrections + 1
        where workspace_id = ${tx.workspace} and id = ${step.id} and state = 'waiting'`,
  )
  return changed === 1
}

/** Withholds a step that waits, for good; false when it does not wait. */
export async function withholdStep(
  tx: Tx,
  step: { readonly id: string; readonly objectedBy: string | null; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update session_steps set state = 'withheld', objected_by = ${step.objectedBy}, ended_at = ${step.at}
        where workspace_id = ${tx.workspace} and id = ${step.id} and state = 'waiting'`,
  )
  return changed === 1
}

/** Withholds whatever waits in a session. */
export async function withholdSteps(tx: Tx, session: string, at: string): Promise<void> {
  await countOf(
    tx,
    sql`update session_steps set state = 'withheld', ended_at = ${at}
        where workspace_id = ${tx.workspace} and session_id = ${session} and state = 'waiting'`,
  )
}

/** Records that a step that started is over. */
export async function endStep(tx: Tx, id: string, at: string): Promise<void> {
  await countOf(
    tx,
    sql`update session_steps set ended_at = ${at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'started' and ended_at is null`,
  )
}

/** How many steps of a session run and do not wait at a checkpoint. */
export async function countInFlight(tx: Tx, session: string): Promise<number> {
  const row = await rowOf<{ readonly running: string }>(
    tx,
    sql`select count(*) as running from executions where workspace_id = ${tx.workspace} and session_id = ${session}
          and state = 'claimed' and not parked`,
  )
  return Number(row?.running ?? 0)
}

/** Records whether a run waits at a checkpoint, under its claim. */
export async function parkExecution(
  tx: Tx,
  parked: { readonly executionId: string; readonly fence: number; readonly parked: boolean },
): Promise<void> {
  await countOf(
    tx,
    sql`update executions set parked = ${parked.parked} where workspace_id = ${tx.workspace}
          and id = ${parked.executionId} and fence = ${parked.fence} and state = 'claimed'
          and parked <> ${parked.parked}`,
  )
}

/** Whether a claim still is what runs. */
export async function holdsClaim(
  tx: Tx,
  claim: { readonly executionId: string; readonly fence: number },
): Promise<boolean> {
  const row = await rowOf<{ readonly id: string }>(
    tx,
    sql`select id from executions where workspace_id = ${tx.workspace} and id = ${claim.executionId}
          and fence = ${claim.fence} and state = 'claimed'`,
  )
  return row !== undefined
}
