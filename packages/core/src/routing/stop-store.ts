import type { Stop } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { holdForChange } from '../database/hold.ts'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

interface StopRow {
  readonly id: string
  readonly target: Stop['target']
  readonly agent_id: string | null
  readonly reason: string
  readonly set_by: string
  readonly set_at: string
  readonly lifted_by: string | null
  readonly lifted_at: string | null
  readonly lift_reason: string | null
}

/** Writes a stop, once every decision that does not know of it has ended. */
export async function insertStop(
  tx: Tx,
  stop: Pick<Stop, 'id' | 'target' | 'agent' | 'reason' | 'setBy' | 'setAt'>,
): Promise<void> {
  await holdForChange(tx, stop.agent)
  await countOf(
    tx,
    sql`insert into stops (id, workspace_id, target, agent_id, reason, set_by, set_at)
        values (${stop.id}, ${tx.workspace}, ${stop.target}, ${stop.agent}, ${stop.reason}, ${stop.setBy}, ${stop.setAt})`,
  )
}

/** Lifts an open stop; false when there is none with that id. */
export async function liftStop(
  tx: Tx,
  id: string,
  lift: { readonly by: string; readonly at: string; readonly reason: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update stops set lifted_by = ${lift.by}, lifted_at = ${lift.at}, lift_reason = ${lift.reason}
        where workspace_id = ${tx.workspace} and id = ${id} and lifted_at is null`,
  )
  return changed === 1
}

/** Finds a stop of the workspace, or of everything, by id. */
export async function findStop(tx: Tx, id: string): Promise<Stop | undefined> {
  const row = await rowOf<StopRow>(
    tx,
    sql`select * from stops where workspace_id in (${tx.workspace}, '*') and id = ${id}`,
  )
  return row && toStop(row)
}

/** Reads a page of stops, newest first, one more than the limit. */
export async function listStops(
  tx: Tx,
  query: { readonly before: TimePlace | null; readonly limit: number },
): Promise<readonly Stop[]> {
  const rows = await rowsOf<StopRow>(
    tx,
    sql`select * from stops where workspace_id in (${tx.workspace}, '*')
          and (${query.before?.at ?? null}::timestamptz is null
            or (set_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by set_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toStop)
}

function toStop(row: StopRow): Stop {
  return {
    id: row.id,
    target: row.target,
    agent: row.agent_id,
    reason: row.reason,
    setBy: row.set_by,
    setAt: isoOf(row.set_at),
    liftedBy: row.lifted_by,
    liftedAt: isoOf(row.lifted_at),
    liftReason: row.lift_reason,
  }
}
