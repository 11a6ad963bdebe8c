import type { Incident } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

/** Writes an incident, open. */
export async function insertIncident(
  tx: Tx,
  incident: {
    readonly id: string
    readonly agent: string
    readonly reason: string
    readonly actor: string
    readonly at: string
  },
): Promise<void> {
  await countOf(
    tx,
    sql`insert into incidents (id, workspace_id, agent_id, reason, recorded_by, created_at)
        values (${incident.id}, ${tx.workspace}, ${incident.agent}, ${incident.reason}, ${incident.actor}, ${incident.at})`,
  )
}

interface IncidentRow {
  readonly id: string
  readonly agent_id: string
  readonly reason: string
  readonly recorded_by: string
  readonly created_at: string
  readonly closed_by: string | null
  readonly closed_reason: string | null
  readonly closed_at: string | null
}

function toIncident(row: IncidentRow): Incident {
  return {
    id: row.id,
    agent: row.agent_id,
    reason: row.reason,
    recordedBy: row.recorded_by,
    createdAt: isoOf(row.created_at),
    closedBy: row.closed_by,
    closedReason: row.closed_reason,
    closedAt: isoOf(row.closed_at),
  }
}

/** Closes an open incident; undefined when there is none of that id. */
export async function closeOpenIncident(
  tx: Tx,
  closed: {
    readonly id: string
    readonly agent: string
    readonly reason: string
    readonly actor: string
    readonly at: string
  },
): Promise<Incident | undefined> {
  const row = await rowOf<IncidentRow>(
    tx,
    sql`update incidents set closed_by = ${closed.actor}, closed_reason = ${closed.reason}, closed_at = ${closed.at}
        where workspace_id = ${tx.workspace} and id = ${closed.id} and agent_id = ${closed.agent} and closed_at is null
        returning *`,
  )
  return row && toIncident(row)
}

/** Reads a page of the incidents of an agent, newest first, one more than the limit. */
export async function listIncidents(
  tx: Tx,
  query: { readonly agent: string; readonly before: TimePlace | null; readonly limit: number },
): Promise<readonly Incident[]> {
  const rows = await rowsOf<IncidentRow>(
    tx,
    sql`select * from incidents where workspace_id = ${tx.workspace} and agent_id = ${query.agent}
          and (${query.before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by created_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toIncident)
}

/** How many incidents of an agent are open. */
export async function countOpenIncidents(tx: Tx, agent: string): Promise<number> {
  const row = await rowOf<{ readonly open: string }>(
    tx,
    sql`select count(*) as open from incidents where workspace_id = ${tx.workspace} and agent_id = ${agent} and closed_at is null`,
  )
  return Number(row?.open ?? 0)
}
