import { type SQL, sql } from 'drizzle-orm'
import { countOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { RuleMoment } from './standing-rule.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const MOST_LOOKED_AT = 1_000

/** Notes that the journal was verified, and what was found. */
export async function writeJournalCheck(
  tx: Tx,
  { at, problem }: { readonly at: string; readonly problem: string | null },
): Promise<void> {
  await countOf(
    tx,
    sql`insert into journal_checks (workspace_id, verified_at, problem)
        select workspace_id, ${at}::timestamptz, ${problem} from workspaces where workspace_id = ${tx.workspace}
        on conflict (workspace_id) do update set verified_at = excluded.verified_at, problem = excluded.problem`,
  )
}

/** The workspace, while its journal did not verify the last time. */
export function brokenJournal(tx: Tx): SQL {
  return sql`select workspace_id as subject, null::text as agent, jsonb_build_object('problem', problem) as facts
    from journal_checks where workspace_id = ${tx.workspace} and problem is not null`
}

/** The workspace, where nobody has verified its journal for so many hours. */
export function unverifiedJournal(tx: Tx, { now, thresholds }: RuleMoment): SQL {
  const since = isoTime(now - (thresholds.hours ?? 0) * HOUR_MS)
  return sql`select s.workspace_id as subject, null::text as agent, '{}'::jsonb as facts from journal_seals s
    where s.workspace_id = ${tx.workspace} and s.sequence = 1 and s.sealed_at <= ${since}::timestamptz
      and not exists (select from journal_checks c
        where c.workspace_id = s.workspace_id and c.verified_at > ${since}::timestamptz)`
}

/** The workspace, where a row of its journal has waited so many minutes for its seal. */
export function unsealedJournal(tx: Tx, { now, thresholds }: RuleMoment): SQL {
  const since = isoTime(now - (thresholds.minutes ?? 0) * MINUTE_MS)
  const snapshot = (of: string): SQL =>
    sql`(select ${sql.raw(of)} from journal_heads h where h.workspace_id = ${tx.workspace})`
  // Two ranges of one index; whether a row is sealed is looked up row by row.
  const unsealed = (range: SQL, end: SQL): SQL => sql`select j.recorded_at from journal j
    where j.workspace_id = ${tx.workspace} and ${range}
      and not exists (select from journal_seals s where s.journal_id = j.id offset 0) ${end}`
  const seen = snapshot('pg_snapshot_xmax(h.snapshot)')
  const later = unsealed(
    // A selection of its own: under row-level security the index serves no condition that is worked out beside the row.
    sql`j.xid >= (select coalesce(${seen}, '0'::xid8))`,
    sql`order by j.xid, j.position limit ${MOST_LOOKED_AT}`,
  )
  // Each transaction by itself: for a list of them the planner would go through the whole index in its order.
  const before = sql`select own.recorded_at
    from (select pg_snapshot_xip(h.snapshot) as xid from journal_heads h where h.workspace_id = ${tx.workspace}) as running
    cross join lateral (${unsealed(sql`j.xid = running.xid`, sql`offset 0`)}) as own`
  return sql`select ${tx.workspace}::text as subject, null::text as agent, '{}'::jsonb as facts
    where exists (select from (${later}) as next where next.recorded_at <= ${since}::timestamptz)
      or exists (select from (${before}) as next where next.recorded_at <= ${since}::timestamptz)`
}
