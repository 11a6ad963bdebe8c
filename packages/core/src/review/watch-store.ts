import type { JsonObject, Maturity, Risk } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isThere, rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** The definition of the action of a step, as it is in the catalogue. */
export interface StepAction {
  readonly risk: Risk
  readonly capability: string
  readonly ceiling: Maturity
  readonly schema: JsonObject | null
}

/** Finds the definition that a step was ruled by; undefined when it is in the catalogue no more. */
export async function findStepAction(
  tx: Tx,
  { action, digest }: { readonly action: string; readonly digest: string },
): Promise<StepAction | undefined> {
  return rowOf<StepAction>(
    tx,
    sql`select risk, capability, ceiling, args_schema as schema from actions
        where workspace_id = ${tx.workspace} and name = ${action} and digest = ${digest}`,
  )
}

/** Whether a step was put to a reviewer as it stands now. */
export async function isStepAsked(
  tx: Tx,
  { step, corrections }: { readonly step: string; readonly corrections: number },
): Promise<boolean> {
  return isThere(
    tx,
    sql`select from reviews where workspace_id = ${tx.workspace} and kind = 'step' and step_id = ${step}
          and corrections = ${corrections}`,
  )
}

/** Whether a reviewer denied a step of the same action in a session before. */
export async function wasDenied(
  tx: Tx,
  { session, action }: { readonly session: string; readonly action: string },
): Promise<boolean> {
  return isThere(
    tx,
    sql`select from reviews where workspace_id = ${tx.workspace} and kind = 'step' and session_id = ${session}
          and action = ${action} and effect = 'rejected'`,
  )
}

/** Notes for a while that a reviewer could watch, up to which risk; null when it could not. */
export async function markReady(
  tx: Tx,
  ready: { readonly agent: string; readonly risk: 'safe' | 'medium' | null; readonly until: string },
): Promise<void> {
  await countOf(
    tx,
    sql`update reviewers set ready_until = ${ready.risk === null ? null : ready.until}::timestamptz,
          ready_for = ${ready.risk}
        where workspace_id = ${tx.workspace} and agent_id = ${ready.agent}
          and (ready_for is not null or ${ready.risk}::text is not null)`,
  )
}

/** Finds the queue entry whose run waits as a step. */
export async function findEntryOf(tx: Tx, step: string): Promise<string | undefined> {
  const row = await rowOf<{ readonly id: string }>(
    tx,
    sql`select id from supervised_queue where workspace_id = ${tx.workspace} and step_id = ${step} and state = 'pending'`,
  )
  return row?.id
}
