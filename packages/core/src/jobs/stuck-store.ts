import { type SQL, sql } from 'drizzle-orm'
import { isoOf, isThere, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** What can be stuck. */
export type StuckKind =
  | 'run_not_settled'
  | 'approval_not_run'
  | 'proposal_not_expired'
  | 'entry_not_expired'
  | 'outcome_unknown'
  | 'delivery_late'
  | 'delivery_failing'
  | 'delivery_failed'
  | 'journal_unsealed'

/** Work of one kind that is stuck in one workspace. */
export interface StuckWork {
  readonly kind: StuckKind
  readonly workspace: string
  readonly count: number
  /** Since when the oldest of it should have gone on: ISO 8601, UTC. */
  readonly since: string
}

/** Time of the database: ISO 8601, UTC. */
export async function readDatabaseTime(tx: Tx): Promise<string> {
  const row = await rowOf<{ readonly at: string }>(tx, sql`select clock_timestamp() as at`)
  return isoOf(row?.at ?? null) ?? ''
}

/** Whether jobs were ever put into the database. */
export async function hasJobs(tx: Tx): Promise<boolean> {
  // By the catalogue: the standard views hide what a role has no rights on.
  return isThere(tx, sql`select from pg_namespace where nspname = 'bullmq'`)
}

/**
 * Finds what should have gone on by itself minutes ago, or waits for a person who may not know: of all workspaces, by kind.
 * A minute is what the slowest of the jobs that settle it has, twice.
 */
export async function findStuck(tx: Tx, at: string): Promise<readonly StuckWork[]> {
  const before = (seconds: number): SQL => sql`${at}::timestamptz - ${seconds} * interval '1 second'`
  const stuck = (kind: StuckKind, from: { readonly table: string; readonly since: string; readonly where: SQL }) =>
    sql`select ${kind}::text as kind, s.workspace_id as workspace, count(*)::int as count, min(${sql.raw(from.since)}) as since
        from ${sql.raw(from.table)} s where ${from.where} group by s.workspace_id`
  const rows = await rowsOf<Omit<StuckWork, 'since'> & { readonly since: string | null }>(
    tx,
    sql`${stuck('run_not_settled', {
      table: 'executions',
      since: 's.lease_expires_at',
      where: sql`s.state = 'claimed' and s.lease_expires_at < ${before(60)}`,
    })} union all ${stuck('approval_not_run', {
      table: 'proposals',
      since: 'greatest(s.updated_at, s.runnable_at)',
      where: sql`s.state = 'approved' and s.executor = 'registered' and greatest(s.updated_at, s.runnable_at) < ${before(60)}
        and s.expires_at > ${at}::timestamptz`,
    })} union all ${stuck('proposal_not_expired', {
      table: 'proposals',
      since: 's.expires_at',
      where: sql`s.state in ('pending', 'approved') and s.expires_at < ${before(120)}`,
    })} union all ${stuck('entry_not_expired', {
      table: 'supervised_queue',
      since: 's.expires_at',
      where: sql`s.state = 'pending' and s.expires_at < ${before(120)}`,
    })} union all ${stuck('outcome_unknown', {
      table: 'proposals',
      since: 's.updated_at',
      where: sql`s.state = 'outcome_unknown'`,
    })} union all ${stuck('delivery_late', {
      table: 'deliveries',
      since: 's.due_at',
      where: sql`s.state in ('pending', 'sending') and s.due_at < ${before(300)}`,
    })} union all ${stuck('delivery_failing', {
      table: 'deliveries',
      since: 's.created_at',
      where: sql`s.state = 'pending' and s.attempt >= 3`,
    })} union all ${stuck('delivery_failed', {
      table: 'deliveries',
      since: 's.created_at',
      where: sql`s.state = 'failed' and s.settled_at > ${before(86_400)}`,
    })}`,
  )
  return rows.map((row) => ({ ...row, since: isoOf(row.since) ?? at }))
}
