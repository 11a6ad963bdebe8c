import { sql } from 'drizzle-orm'
import { countOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** A change to who attends to a pending proposal. */
export interface Attention<Value> {
  readonly id: string
  readonly value: Value
  readonly at: string
}

/** Assigns a pending proposal to a user, or to nobody; false when it is decided. */
export async function assignPending(tx: Tx, { id, value, at }: Attention<string | null>): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update proposals set assigned_to = ${value}, updated_at = ${at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'pending'`,
  )
  return changed === 1
}

/** Notes who is looking at a pending proposal; false when it is decided. */
export async function acknowledgePending(tx: Tx, { id, value, at }: Attention<string>): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update proposals set acknowledged_by = ${value}, acknowledged_at = ${at}, updated_at = ${at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'pending'`,
  )
  return changed === 1
}

/** Lets escalation of a pending proposal wait; false when it is decided. */
export async function snoozePending(tx: Tx, { id, value, at }: Attention<string>): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update proposals set snoozed_until = ${value}, updated_at = ${at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'pending'`,
  )
  return changed === 1
}
