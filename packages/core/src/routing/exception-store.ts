import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../database/transaction.ts'

/** Whether `bypasses b` is in force at a time, as a condition. */
export const isBypassInForce = (tx: Tx, at: string): SQL =>
  sql`b.workspace_id = ${tx.workspace} and b.lifted_at is null and b.expires_at > ${at}::timestamptz`

/** Whether a row of `grants` can still be used at a time, as a condition. */
export const isGrantInForce = (tx: Tx, at: string): SQL =>
  sql`workspace_id = ${tx.workspace} and revoked_at is null and used < uses and expires_at > ${at}`

/**
 * Whether there is any bypass, and any grant of some agents, as columns: most often there is none, and then nobody has to
 * look for the one that fits.
 */
export const anyExceptions = (tx: Tx, agents: readonly string[], at: string): SQL => sql`
  exists (select from bypasses b where ${isBypassInForce(tx, at)}) as any_bypass,
  exists (select from grants where ${isGrantInForce(tx, at)} and agent_id = any(${sql.param(agents)}::text[])) as any_grant`
