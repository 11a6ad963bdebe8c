import type { JsonObject, SessionEvent } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** One event to be added to a session. */
export interface NewSessionEvent {
  readonly kind: string
  readonly body: JsonObject
}

/** Adds events to a session, numbered after those that it has; it is held until the transaction ends. */
export async function appendSessionEvents(
  tx: Tx,
  added: { readonly session: string; readonly events: readonly NewSessionEvent[]; readonly at: string },
): Promise<void> {
  if (added.events.length === 0) return
  await countOf(
    tx,
    sql`with counted as (
          update supervision_sessions set sequence = sequence + ${added.events.length}
          where workspace_id = ${tx.workspace} and id = ${added.session} returning id, sequence
        )
        insert into session_events (workspace_id, session_id, sequence, kind, body, at)
        select ${tx.workspace}, c.id, c.sequence - ${added.events.length} + e.place, e.event ->> 'kind',
          e.event -> 'body', ${added.at}::timestamptz
        from counted c, jsonb_array_elements(${JSON.stringify(added.events)}::jsonb) with ordinality as e (event, place)`,
  )
}

/** Reads events of a session in order, after a number. */
export async function listSessionEvents(
  tx: Tx,
  query: { readonly session: string; readonly after: number; readonly limit: number },
): Promise<readonly SessionEvent[]> {
  const rows = await rowsOf<{
    readonly sequence: string
    readonly kind: string
    readonly body: JsonObject
    readonly at: string
  }>(
    tx,
    sql`select sequence, kind, body, at from session_events
        where workspace_id = ${tx.workspace} and session_id = ${query.session} and sequence > ${query.after}
        order by sequence limit ${query.limit}`,
  )
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence), at: isoOf(row.at) }))
}

/** How many events each of some sessions has. */
export async function readSequences(tx: Tx, sessions: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await rowsOf<{ readonly id: string; readonly sequence: string }>(
    tx,
    sql`select id, sequence from supervision_sessions
        where workspace_id = ${tx.workspace} and id = any(${sql.param(sessions)}::text[])`,
  )
  return new Map(rows.map(({ id, sequence }) => [id, Number(sequence)]))
}

/** How many events a session has. */
export async function countSessionEvents(tx: Tx, session: string): Promise<number> {
  const row = await rowOf<{ readonly sequence: string }>(
    tx,
    sql`select sequence from supervision_sessions where workspace_id = ${tx.workspace} and id = ${session}`,
  )
  return Number(row?.sequence ?? 0)
}
