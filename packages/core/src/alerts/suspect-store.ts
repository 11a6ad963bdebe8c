import { type SQL, sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { UNSEALED_WORKSPACES } from '../journal/seal-store.ts'
import { isoTime } from '../kernel/clock.ts'
import { ALERT_CATALOGUE } from './alert-catalogue.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Finds the workspaces in which something may be wrong that is looked at every few seconds, or is no more. */
export function findSuspects(tx: Tx): Promise<readonly string[]> {
  return workspacesOf(
    tx,
    sql`select workspace_id from proposals where state = 'pending' or (state = 'approved' and executor = 'registered')
        union select workspace_id from alerts where cleared_at is null`,
  )
}

/**
 * Finds the workspaces in which a rule that is looked at once a minute may find something, or does no more. What is open there is held
 * against the bounds of the rules, not against their numbers: to look once too often is harmless. Rules that go by what
 * happened are looked at while it is recent, so that what has done nothing for hours is not asked at all.
 */
export function findSlowSuspects(tx: Tx, at: string): Promise<readonly string[]> {
  const ago = (milliseconds: number): SQL => sql`${isoTime(Date.parse(at) - milliseconds)}::timestamptz`
  const within = (milliseconds: number): SQL =>
    sql`> ${at}::timestamptz and expires_at <= ${isoTime(Date.parse(at) + milliseconds)}::timestamptz`
  const waiting = [
    sql`select workspace_id from alerts where cleared_at is null`,
    // What began while it was muted, and holds on, is raised when that is over.
    sql`select workspace_id from alerts where muted_until > ${ago(7 * DAY_MS)}`,
    sql`select workspace_id from blocked_triggers where resolved_at is null
        and created_at <= ${ago(least('AGENT_STUCK', 'days') * DAY_MS)}`,
    sql`select workspace_id from training_proposals where state = 'proposed'
        and created_at <= ${ago(least('TRAINING_UNDECIDED', 'days') * DAY_MS)}`,
    sql`select workspace_id from proposals where state = 'pending' and assigned_to is null and acknowledged_by is null
        and expires_at ${within(most('PROPOSAL_EXPIRING', 'minutes') * MINUTE_MS)}`,
    // Ends soon, or waits for somebody to come online.
    sql`select workspace_id from supervised_queue where state = 'pending'`,
    sql`select workspace_id from executions where state = 'outcome_unknown'
        and settled_at <= ${ago(least('OUTCOME_UNKNOWN', 'minutes') * MINUTE_MS)}`,
    sql`select workspace_id from journal_checks where problem is not null`,
    sql`select h.workspace_id from journal_heads h left join journal_checks c on c.workspace_id = h.workspace_id
        where c.verified_at is null or c.verified_at <= ${ago(least('JOURNAL_UNVERIFIED', 'hours') * HOUR_MS)}`,
    sql`select u.workspace_id from (${UNSEALED_WORKSPACES}) as u`,
    recentlyAtWork(ago),
  ]
  return workspacesOf(
    tx,
    sql`select distinct w.workspace_id from (${sql.join(waiting, sql` union all `)}) as w where w.workspace_id <> '*'`,
  )
}

/** Workspaces of which something was sealed so recently that a rule looks back as far, whole hours counted. */
function recentlyAtWork(ago: (milliseconds: number) => SQL): SQL {
  const usual = ALERT_CATALOGUE.NO_SUPERVISOR.thresholds.hours?.default ?? 0
  return sql`select h.workspace_id from journal_heads h where h.sealed_at > ${ago((usual + 1) * HOUR_MS)}
    union all
    select h.workspace_id from journal_heads h join alert_rules r on r.workspace_id = h.workspace_id
    where r.code = 'NO_SUPERVISOR'
      and h.sealed_at > ${ago(HOUR_MS)} - (r.thresholds ->> 'hours')::float8 * interval '1 hour'`
}

function least(code: keyof typeof ALERT_CATALOGUE, name: string): number {
  return ALERT_CATALOGUE[code].thresholds[name]?.min ?? 0
}

function most(code: keyof typeof ALERT_CATALOGUE, name: string): number {
  return ALERT_CATALOGUE[code].thresholds[name]?.max ?? 0
}

async function workspacesOf(tx: Tx, statement: SQL): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(tx, statement)
  return rows.map((row) => row.workspace_id)
}
