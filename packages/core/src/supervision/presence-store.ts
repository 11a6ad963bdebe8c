import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

const OPEN: SQL = sql.raw(`state not in ('completed', 'terminated', 'failed')`)

/** A user as presence knows it. */
export interface PresenceRow {
  readonly userId: string
  readonly lastActivityAt: string
  readonly overrideState: 'online' | 'away' | 'offline' | null
  readonly overrideUntil: string | null
  readonly openSessions: number
}

/** Reads the users with a role that may supervise, their presence and what they watch. */
export async function listSupervisors(tx: Tx, at: string): Promise<readonly PresenceRow[]> {
  const rows = await rowsOf<{
    readonly user_id: string
    readonly last_activity_at: string
    readonly override_state: PresenceRow['overrideState']
    readonly override_until: string | null
    readonly open_sessions: string
  }>(
    tx,
    sql`select p.user_id, p.last_activity_at, p.override_state, p.override_until,
          (select count(*) from supervision_sessions s where s.workspace_id = p.workspace_id
            and s.supervisor_id = p.user_id and s.${OPEN} and s.supervisor_lease_expires_at > ${at}) as open_sessions
        from presences p join memberships m on m.workspace_id = p.workspace_id and m.user_id = p.user_id
        where p.workspace_id = ${tx.workspace} and m.roles && array['admin', 'supervisor']
        order by p.user_id limit 1000`,
  )
  return rows.map((row) => ({
    userId: row.user_id,
    lastActivityAt: isoOf(row.last_activity_at),
    overrideState: row.override_state,
    overrideUntil: isoOf(row.override_until),
    openSessions: Number(row.open_sessions),
  }))
}

/** Finds the presence of one user. */
export async function findPresence(tx: Tx, userId: string): Promise<PresenceRow | undefined> {
  const row = await rowOf<{
    readonly last_activity_at: string
    readonly override_state: PresenceRow['overrideState']
    readonly override_until: string | null
  }>(
    tx,
    sql`select last_activity_at, override_state, override_until from presences
        where workspace_id = ${tx.workspace} and user_id = ${userId}`,
  )
  if (row === undefined) return undefined
  return {
    userId,
    lastActivityAt: isoOf(row.last_activity_at),
    overrideState: row.override_state,
    overrideUntil: isoOf(row.override_until),
    openSessions: 0,
  }
}

/** Records that a user acted; false when the user is no member of the workspace. */
export async function recordActivity(tx: Tx, userId: string, at: string): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`insert into presences (workspace_id, user_id, last_activity_at, last_heartbeat_at)
        select ${tx.workspace}, user_id, ${at}::timestamptz, ${at}::timestamptz from memberships
          where workspace_id = ${tx.workspace} and user_id = ${userId}
        on conflict (workspace_id, user_id) do update
          set last_activity_at = excluded.last_activity_at, last_heartbeat_at = excluded.last_heartbeat_at`,
  )
  return changed === 1
}
