import { GovernanceError } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** One change of a fact that routing rests on. */
export interface ChangeRow {
  readonly id: string
  readonly workspace: string
  readonly kind: 'agent' | 'policy' | 'stop' | 'key' | 'session'
  readonly subject: string
}

/** The changes since a horizon. */
export interface ChangeAnswer {
  readonly changes: readonly ChangeRow[]
  /** Every later change has a transaction id of at least this. */
  readonly horizon: string
  /** The time of the database, in milliseconds since the epoch. */
  readonly time: number
}

const TIME = sql`extract(epoch from clock_timestamp()) * 1000`
const PRUNED_AFTER = '1 hour'

/**
 * Reads what changed since a horizon, all workspaces at once. Transactions commit out of order, so a row counts as new
 * when its transaction was not finished at the horizon, not when its number is higher.
 */
export async function readChanges(tx: Tx, horizon: string | null): Promise<ChangeAnswer> {
  const row = await rowOf<{ readonly changes: ChangeRow[] | null; readonly horizon: string; readonly time: string }>(
    tx,
    horizon === null
      ? sql`select null as changes, pg_snapshot_xmin(pg_current_snapshot())::text as horizon, ${TIME} as time`
      : sql`select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, ${TIME} as time,
              (select json_agg(json_build_object('id', id::text, 'workspace', workspace_id, 'kind', kind,
                'subject', subject_id)) from changes where xid >= ${horizon}::xid8) as changes`,
  )
  const time = Number(row?.time)
  if (row === undefined || !Number.isFinite(time)) {
    throw new GovernanceError('FACT_INVALID', { message: 'The database gave no time.' })
  }
  return { changes: row.changes ?? [], horizon: row.horizon, time }
}

/** Removes changes that no live process can still wait for; gives how many. */
export async function pruneChanges(tx: Tx): Promise<number> {
  const row = await rowOf<{ readonly pruned: string }>(
    tx,
    sql`with gone as (delete from changes where changed_at < now() - ${PRUNED_AFTER}::interval returning 1)
        select count(*) as pruned from gone`,
  )
  return Number(row?.pruned ?? 0)
}
