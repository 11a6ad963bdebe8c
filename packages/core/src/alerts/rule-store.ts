import type { AlertAudience, AlertCode, AlertSeverity } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, isThere, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { Thresholds } from './standing-rule.ts'

/** What an administrator made of a rule. */
export interface ChangedRule {
  readonly code: AlertCode
  readonly isOn: boolean
  readonly thresholds: Thresholds
  readonly revision: number
  readonly reason: string
  readonly changedBy: string
  readonly changedAt: string
}

interface RuleRow {
  readonly code: AlertCode
  readonly is_on: boolean
  readonly thresholds: Thresholds
  readonly revision: number
  readonly reason: string
  readonly changed_by: string
  readonly changed_at: string
}

/** The rules of the workspace that were changed, by their codes. */
export async function readChangedRules(tx: Tx): Promise<ReadonlyMap<AlertCode, ChangedRule>> {
  const rows = await rowsOf<RuleRow>(tx, sql`select * from alert_rules where workspace_id = ${tx.workspace}`)
  return new Map(rows.map((row) => [row.code, toRule(row)]))
}

/** Writes a rule; undefined where it is not at the revision before any more. */
export async function writeRule(tx: Tx, rule: ChangedRule): Promise<ChangedRule | undefined> {
  const { code, isOn, thresholds, revision, reason, changedBy, changedAt } = rule
  const row = await rowOf<RuleRow>(
    tx,
    revision === 1
      ? sql`insert into alert_rules (workspace_id, code, is_on, thresholds, revision, reason, changed_by, changed_at)
            values (${tx.workspace}, ${code}, ${isOn}, ${JSON.stringify(thresholds)}::jsonb, 1, ${reason}, ${changedBy},
              ${changedAt}) on conflict do nothing returning *`
      : sql`update alert_rules set is_on = ${isOn}, thresholds = ${JSON.stringify(thresholds)}::jsonb,
              revision = ${revision}, reason = ${reason}, changed_by = ${changedBy}, changed_at = ${changedAt}
            where workspace_id = ${tx.workspace} and code = ${code} and revision = ${revision - 1} returning *`,
  )
  return row && toRule(row)
}

interface AudienceRow {
  readonly target: string
  readonly severity: AlertSeverity
  readonly changed_by: string
  readonly changed_at: string
}

/** Who is not told of all alerts. */
export async function listAudiences(tx: Tx): Promise<readonly AlertAudience[]> {
  const rows = await rowsOf<AudienceRow>(
    tx,
    sql`select * from alert_audiences where workspace_id = ${tx.workspace} and severity <> 'info' order by target`,
  )
  return rows.map(toAudience)
}

/** Says from which severity on somebody is told. */
export async function writeAudience(tx: Tx, { target, from, changedBy, changedAt }: AlertAudience): Promise<void> {
  await countOf(
    tx,
    sql`insert into alert_audiences (workspace_id, target, severity, changed_by, changed_at)
        values (${tx.workspace}, ${target}, ${from}, ${changedBy}, ${changedAt})
        on conflict (workspace_id, target) do update
          set severity = excluded.severity, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
  )
}

/** Whether there is a webhook of that id, or a channel of that name that follows the workspace. */
export function isReceiver(tx: Tx, target: string): Promise<boolean> {
  return isThere(
    tx,
    sql`select from webhooks where workspace_id = ${tx.workspace} and id = ${target}
        union all select from notification_cursors
        where workspace_id = ${tx.workspace} and channel = ${target} and channel <> 'webhook'`,
  )
}

function toRule({ code, is_on, thresholds, revision, reason, changed_by, changed_at }: RuleRow): ChangedRule {
  return { code, isOn: is_on, thresholds, revision, reason, changedBy: changed_by, changedAt: isoOf(changed_at) }
}

function toAudience({ target, severity, changed_by, changed_at }: AudienceRow): AlertAudience {
  return { target, from: severity, changedBy: changed_by, changedAt: isoOf(changed_at) }
}
