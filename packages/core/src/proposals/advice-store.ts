import type { Advice, AdviceVerdict, ArgChange } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

/** An advice, as it is written. */
export interface NewAdvice extends Advice {
  /** Whether the model could not be asked. */
  readonly isOutage: boolean
  /** Who wanted it. */
  readonly askedBy: string
  /** From 1 where it was given without being asked for; else null. */
  readonly attempt: number | null
}

/** Writes an advice on the present version of a pending proposal; false when it is not that any more, or has the attempt. */
export async function insertAdvice(tx: Tx, advice: NewAdvice): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into advices (id, workspace_id, proposal_id, version, action_hash, verdict, reasons, suggestions,
          advised_by, is_outage, asked_by, attempt, created_at)
        select ${advice.id}, p.workspace_id, p.id, p.version, v.action_hash, ${advice.verdict},
          ${sql.param(advice.reasons)}::text[], ${JSON.stringify(advice.suggestions)}::jsonb, ${advice.by},
          ${advice.isOutage}::boolean, ${advice.askedBy}, ${advice.attempt}::int, ${advice.createdAt}::timestamptz
        from proposals p join proposal_versions v on v.proposal_id = p.id and v.version = p.version
        where p.workspace_id = ${tx.workspace} and p.id = ${advice.proposalId} and p.state = 'pending'
          and p.version = ${advice.version} and v.action_hash = ${advice.actionHash}
        on conflict do nothing`,
  )
  return inserted === 1
}

interface AdviceRow {
  readonly id: string
  readonly proposal_id: string
  readonly version: number
  readonly action_hash: string
  readonly verdict: AdviceVerdict
  readonly reasons: readonly string[]
  readonly suggestions: readonly ArgChange[]
  readonly advised_by: string
  readonly created_at: string
}

/** Finds the latest advice on a version. */
export async function findAdvice(
  tx: Tx,
  { id, version }: { readonly id: string; readonly version: number },
): Promise<Advice | null> {
  const row = await rowOf<AdviceRow>(
    tx,
    sql`select * from advices where workspace_id = ${tx.workspace} and proposal_id = ${id} and version = ${version}
        order by created_at desc, id desc limit 1`,
  )
  return row === undefined ? null : toAdvice(row)
}

/** Reads a page of the advices on a proposal, newest first, one more than the limit. */
export async function listAdvices(
  tx: Tx,
  query: { readonly proposal: string; readonly before: TimePlace | null; readonly limit: number },
): Promise<readonly Advice[]> {
  const rows = await rowsOf<AdviceRow>(
    tx,
    sql`select * from advices where workspace_id = ${tx.workspace} and proposal_id = ${query.proposal}
          and (${query.before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by created_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toAdvice)
}

function toAdvice(row: AdviceRow): Advice {
  return {
    id: row.id,
    proposalId: row.proposal_id,
    version: row.version,
    actionHash: row.action_hash,
    verdict: row.verdict,
    reasons: row.reasons,
    suggestions: row.suggestions,
    by: row.advised_by,
    createdAt: isoOf(row.created_at),
  }
}

/** A pending proposal that is still to be advised on. */
export interface Unadvised {
  readonly id: string
  readonly version: number
  /** Which attempt this is, from 1. */
  readonly attempt: number
}

/**
 * Lists pending proposals whose present version has no advice yet, or only such as an outage gave, the last of them long
 * enough ago: the wait doubles with each. What a person asked for counts, too.
 */
export async function listUnadvised(
  tx: Tx,
  query: { readonly at: string; readonly mostAttempts: number; readonly waitMs: number; readonly limit: number },
): Promise<readonly Unadvised[]> {
  const rows = await rowsOf<{ readonly id: string; readonly version: number; readonly attempts: string }>(
    tx,
    sql`select p.id, p.version, count(a.attempt) as attempts from proposals p
        left join advices a on a.workspace_id = p.workspace_id and a.proposal_id = p.id and a.version = p.version
        where p.workspace_id = ${tx.workspace} and p.state = 'pending' and p.expires_at > ${query.at}
        group by p.id, p.version
        having not coalesce(bool_or(not a.is_outage), false) and count(a.attempt) < ${query.mostAttempts}
          and (max(a.created_at) is null or max(a.created_at)
            + make_interval(secs => ${query.waitMs / 1_000}::float8 * power(2, count(a.attempt) - 1)) <= ${query.at})
        order by p.id limit ${query.limit}`,
  )
  return rows.map(({ id, version, attempts }) => ({ id, version, attempt: Number(attempts) + 1 }))
}
