import type { PresenceSession } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

/** A place at which a member is, such as a tab of a browser. */
export interface HeardSession {
  readonly id: string
  readonly userId: string
  /** Whether a person acted there. */
  readonly active: boolean
}

interface SessionColumns {
  readonly id: string
  readonly user_id: string
  readonly opened_at: string
  readonly last_heartbeat_at: string
  readonly last_activity_at: string | null
  readonly ended_at: string | null
}

/** Reads those of the sessions that are open. */
export async function listOpenSessions(tx: Tx, ids: readonly string[]): Promise<readonly PresenceSession[]> {
  const rows = await rowsOf<SessionColumns>(
    tx,
    sql`select * from presence_sessions where workspace_id = ${tx.workspace} and id = any(${sql.param(ids)}::text[])
          and ended_at is null`,
  )
  return rows.map(toSession)
}

/** Opens sessions. */
export async function insertSessions(tx: Tx, sessions: readonly HeardSession[], at: string): Promise<void> {
  await countOf(
    tx,
    sql`insert into presence_sessions (id, workspace_id, user_id, opened_at, last_heartbeat_at, last_activity_at)
        select id, ${tx.workspace}, user_id, ${at}::timestamptz, ${at}::timestamptz,
          case when active then ${at}::timestamptz end
        from unnest(${sql.param(sessions.map(({ id }) => id))}::text[],
          ${sql.param(sessions.map(({ userId }) => userId))}::text[],
          ${sql.param(sessions.map(({ active }) => active))}::boolean[]) as new (id, user_id, active)`,
  )
}

/** Notes that open sessions were heard of. */
export async function renewSessions(tx: Tx, sessions: readonly HeardSession[], at: string): Promise<void> {
  await countOf(
    tx,
    sql`update presence_sessions s set last_heartbeat_at = ${at}::timestamptz,
          last_activity_at = case when heard.active then ${at}::timestamptz else s.last_activity_at end
        from unnest(${sql.param(sessions.map(({ id }) => id))}::text[],
          ${sql.param(sessions.map(({ active }) => active))}::boolean[]) as heard (id, active)
        where s.workspace_id = ${tx.workspace} and s.id = heard.id and s.ended_at is null`,
  )
}

/** Reads a page of the open sessions of a user, newest first, one more than the limit. */
export async function listSessionsOf(
  tx: Tx,
  query: { readonly userId: string; readonly before: TimePlace | null; readonly limit: number },
): Promise<readonly PresenceSession[]> {
  const rows = await rowsOf<SessionColumns>(
    tx,
    sql`select * from presence_sessions
        where workspace_id = ${tx.workspace} and user_id = ${query.userId} and ended_at is null
          and (${query.before?.at ?? null}::timestamptz is null
            or (opened_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by opened_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toSession)
}

/** Ends an open session, of one user or of whoever it is; undefined when there is none. */
export async function endOpenSession(
  tx: Tx,
  end: { readonly id: string; readonly userId: string | null; readonly at: string },
): Promise<PresenceSession | undefined> {
  const row = await rowOf<SessionColumns>(
    tx,
    sql`update presence_sessions set ended_at = ${end.at}::timestamptz
        where workspace_id = ${tx.workspace} and id = ${end.id} and ended_at is null
          and (${end.userId}::text is null or user_id = ${end.userId})
        returning *`,
  )
  return row && toSession(row)
}

/** Ends sessions that were not heard of since a time, the longest silent first; gives how many. */
export async function endSilentSessions(
  tx: Tx,
  end: { readonly silentBefore: string; readonly at: string; readonly limit: number },
): Promise<number> {
  return countOf(
    tx,
    sql`with silent as (
          select id from presence_sessions where ended_at is null and last_heartbeat_at <= ${end.silentBefore}::timestamptz
            and workspace_id = ${tx.workspace}
          order by last_heartbeat_at limit ${end.limit} for update skip locked
        )
        update presence_sessions s set ended_at = ${end.at}::timestamptz from silent
        where s.id = silent.id and s.ended_at is null`,
  )
}

function toSession(row: SessionColumns): PresenceSession {
  return {
    id: row.id,
    userId: row.user_id,
    openedAt: isoOf(row.opened_at),
    lastHeartbeatAt: isoOf(row.last_heartbeat_at),
    lastActivityAt: isoOf(row.last_activity_at),
    endedAt: isoOf(row.ended_at),
  }
}
