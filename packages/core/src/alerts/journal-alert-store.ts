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
  // The first rows of two ranges of one index; whether one is sealed is looked up row by row.
  const waits = (range: SQL): SQL => sql`exists (select from (
      select j.recorded_at from journal j where j.workspace_id = ${tx.workspace} and ${range}
        and not exists (select from journal_seals s where s.journal_id = j.id offset 0)
      order by j.xid, j.position limit ${MOST_LOOKED_AT}
    ) as next where next.recorded_at <= ${since}::timestamptz)`
  const later = sql`j.xid >= coalesce(${snapshot('pg_snapshot_xmax(h.snapshot)')}, '0'::xid8)`
  const running = sql`j.xid = any(array(${snapshot('pg_snapshot_xip(h.snapshot)')}))`
  return sql`select ${tx.workspace}::text as subject, null::text as agent, '{}'::jsonb as facts
    where ${waits(later)} or ${waits(running)}`
}
