import type { Bypass } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { holdForChange } from '../database/hold.ts'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

interface BypassRow {
  readonly id: string
  readonly target: Bypass['target']
  readonly agent_id: string | null
  readonly capability: string | null
  readonly action: string | null
  readonly state: Bypass['state']
  readonly reason: string
  readonly set_by: string
  readonly set_at: string
  readonly expires_at: string
  readonly lifted_by: string | null
  readonly lifted_at: string | null
  readonly lift_reason: string | null
}

/** A bypass to be set. */
export type NewBypass = Omit<Bypass, 'state' | 'setBy' | 'liftedBy' | 'liftedAt' | 'liftReason'> & {
  /** Id of the person who sets it. */
  readonly userId: string
}

/** Writes a bypass. */
export async function insertBypass(tx: Tx, bypass: NewBypass): Promise<void> {
  const { id, target, agent, capability, action, reason, userId, setAt, expiresAt } = bypass
  await countOf(
    tx,
    sql`insert into bypasses (id, workspace_id, target, agent_id, capability, action, reason, set_by, user_id, set_at,
          expires_at)
        values (${id}, ${tx.workspace}, ${target}, ${agent}, ${capability}, ${action}, ${reason}, ${`user:${userId}`},
          ${userId}, ${setAt}, ${expiresAt})`,
  )
}

/** Lifts a bypass that is in force, once every decision that rests on it has ended; false when it is not. */
export async function liftBypass(
  tx: Tx,
  { id, agent }: Pick<Bypass, 'id' | 'agent'>,
  lift: { readonly by: string; readonly at: string; readonly reason: string },
): Promise<boolean> {
  await holdForChange(tx, agent)
  const changed = await countOf(
    tx,
    sql`update bypasses set lifted_by = ${lift.by}, lifted_at = ${lift.at}, lift_reason = ${lift.reason}
        where workspace_id = ${tx.workspace} and id = ${id} and lifted_at is null and expires_at > ${lift.at}`,
  )
  return changed === 1
}

/** Finds a bypass, as it stands at a time. */
export async function findBypass(tx: Tx, id: string, at: string): Promise<Bypass | undefined> {
  const row = await rowOf<BypassRow>(
    tx,
    sql`select *, ${stateAt(at)} as state from bypasses where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toBypass(row)
}

/** Reads a page of bypasses, newest first, one more than the limit. */
export async function listBypasses(
  tx: Tx,
  query: { readonly at: string; readonly before: TimePlace | null; readonly limit: number },
): Promise<readonly Bypass[]> {
  const rows = await rowsOf<BypassRow>(
    tx,
    sql`select *, ${stateAt(query.at)} as state from bypasses where workspace_id = ${tx.workspace}
          and (${query.before?.at ?? null}::timestamptz is null
            or (set_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by set_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toBypass)
}

function stateAt(at: string): ReturnType<typeof sql> {
  return sql`case when lifted_at is not null then 'lifted' when expires_at <= ${at} then 'expired' else 'active' end`
}

function toBypass(row: BypassRow): Bypass {
  return {
    id: row.id,
    target: row.target,
    agent: row.agent_id,
    capability: row.capability,
    action: row.action,
    state: row.state,
    reason: row.reason,
    setBy: row.set_by,
    setAt: isoOf(row.set_at),
    expiresAt: isoOf(row.expires_at),
    liftedBy: row.lifted_by,
    liftedAt: isoOf(row.lifted_at),
    liftReason: row.lift_reason,
  }
}
