import type { Alert, AlertCode } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'
import { severityOf } from './alert-catalogue.ts'

/** An alert to be raised. */
export interface NewAlert {
  readonly id: string
  readonly code: AlertCode
  readonly subject: string
  readonly agent: string | null
  readonly message: string
  readonly at: string
}

/** Writes an open alert; false when the same is open already, or muted. */
export async function insertAlert(tx: Tx, alert: NewAlert): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into alerts (id, workspace_id, code, subject_id, agent_id, message, raised_at)
        select ${alert.id}, ${tx.workspace}, ${alert.code}, ${alert.subject}, ${alert.agent}::text, ${alert.message},
          ${alert.at}::timestamptz
        where not exists (
          select from alerts where workspace_id = ${tx.workspace} and code = ${alert.code}
            and subject_id = ${alert.subject} and muted_until > ${alert.at}::timestamptz)
        on conflict (workspace_id, code, subject_id) where cleared_at is null do nothing`,
  )
  return inserted === 1
}

interface AlertRow {
  readonly id: string
  readonly code: AlertCode
  readonly subject_id: string
  readonly agent_id: string | null
  readonly message: string
  readonly raised_at: string
  readonly cleared_at: string | null
  readonly acknowledged_by: string | null
  readonly muted_until: string | null
}

/** Clears the open alert about a subject; undefined when there is none. */
export async function clearOpenAlert(
  tx: Tx,
  cleared: { readonly code: AlertCode; readonly subject: string; readonly at: string },
): Promise<Alert | undefined> {
  const row = await rowOf<AlertRow>(
    tx,
    sql`update alerts set cleared_at = ${cleared.at}
        where workspace_id = ${tx.workspace} and code = ${cleared.code} and subject_id = ${cleared.subject}
          and cleared_at is null
        returning *`,
  )
  return row && toAlert(row)
}

/** Notes who looks at an alert; the first one stays. */
export async function acknowledgeAlertRow(tx: Tx, id: string, by: string): Promise<Alert | undefined> {
  const row = await rowOf<AlertRow>(
    tx,
    sql`update alerts set acknowledged_by = ${by}
        where workspace_id = ${tx.workspace} and id = ${id} and acknowledged_by is null returning *`,
  )
  return row && toAlert(row)
}

/** Mutes what an alert is about until a time; undefined when there is no such alert. */
export async function muteAlertRow(tx: Tx, id: string, until: string): Promise<Alert | undefined> {
  const row = await rowOf<AlertRow>(
    tx,
    sql`update alerts set muted_until = ${until} where workspace_id = ${tx.workspace} and id = ${id} returning *`,
  )
  return row && toAlert(row)
}

/** Finds an alert. */
export async function findAlert(tx: Tx, id: string): Promise<Alert | undefined> {
  const row = await rowOf<AlertRow>(tx, sql`select * from alerts where workspace_id = ${tx.workspace} and id = ${id}`)
  return row && toAlert(row)
}

/** Reads a page of alerts, newest first, one more than the limit. */
export async function listAlerts(
  tx: Tx,
  query: {
    readonly open: boolean | null
    /** Null: whatever they say. */
    readonly codes: readonly AlertCode[] | null
    /** Agents that the alerts are about; null: whatever they are about. */
    readonly only: readonly string[] | null
    readonly before: TimePlace | null
    readonly limit: number
  },
): Promise<readonly Alert[]> {
  const rows = await rowsOf<AlertRow>(
    tx,
    sql`select * from alerts
        where workspace_id = ${tx.workspace}
          and (${sql.param(query.only)}::text[] is null or agent_id = any(${sql.param(query.only)}::text[]))
          and (${sql.param(query.codes)}::text[] is null or code = any(${sql.param(query.codes)}::text[]))
          and (${query.open}::boolean is null or (cleared_at is null) = ${query.open}::boolean)
          and (${query.before?.at ?? null}::timestamptz is null
            or (raised_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by raised_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toAlert)
}

function toAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    code: row.code,
    severity: severityOf(row.code),
    subjectId: row.subject_id,
    agent: row.agent_id,
    message: row.message,
    raisedAt: isoOf(row.raised_at),
    clearedAt: isoOf(row.cleared_at),
    acknowledgedBy: row.acknowledged_by,
    mutedUntil: isoOf(row.muted_until),
  }
}
