import type { Presence, PresenceState } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { PresenceMoment } from './presence-moment.ts'

/** A member as presence knows it. */
export interface PresenceRow extends Presence {
  /** The state that was announced last. */
  readonly announced: PresenceState
}

/** A member who can watch, with what is watched already. */
export interface AvailableRow extends PresenceRow {
  /** Sessions under a live lease, and those that this user was asked to attach to. */
  readonly watching: number
}

/** A change of state that was just written, to be announced. */
export interface PresenceChange {
  readonly userId: string
  readonly before: PresenceState
  readonly state: PresenceState
}

interface PresenceColumns {
  readonly user_id: string
  readonly last_activity_at: string | null
  readonly override_state: PresenceState | null
  readonly override_until: string | null
  readonly announced_state: PresenceState
  readonly state: PresenceState
}

const OPEN: SQL = sql.raw(`state not in ('completed', 'terminated', 'failed')`)

/** Whether the row `p` has an override that lasts. */
const isOverridden = ({ at }: PresenceMoment): SQL =>
  sql`(p.override_state is not null and (p.override_until is null or p.override_until > ${at}::timestamptz))`

/** The state of the row `p`: an override while it lasts, else by the age of the last activity. */
const stateAt = (moment: PresenceMoment): SQL => sql`(case
  when ${isOverridden(moment)} then p.override_state
  when p.last_activity_at is null or p.last_activity_at <= ${moment.offlineBefore}::timestamptz then 'offline'
  when p.last_activity_at <= ${moment.awayBefore}::timestamptz then 'away'
  else 'online' end)`

/** When the state of the row `p` may change by itself; null when never. */
const dueAt = (moment: PresenceMoment): SQL => sql`(case
  when ${isOverridden(moment)} then p.override_until
  when p.last_activity_at is null or p.last_activity_at <= ${moment.offlineBefore}::timestamptz then null
  when p.last_activity_at <= ${moment.awayBefore}::timestamptz
    then p.last_activity_at + ${moment.offlineAfterMs}::int * interval '1 millisecond'
  else p.last_activity_at + ${moment.awayAfterMs}::int * interval '1 millisecond' end)`

const columns = (moment: PresenceMoment): SQL => sql`p.last_activity_at, p.override_until,
  case when ${isOverridden(moment)} then p.override_state end as override_state,
  coalesce(p.announced_state, 'offline') as announced_state, ${stateAt(moment)} as state`

/** Reads the presence of those of the users who are members, whether or not they were ever here. */
async function listPresences(
  tx: Tx,
  { users, moment }: { readonly users: readonly string[]; readonly moment: PresenceMoment },
): Promise<readonly PresenceRow[]> {
  const rows = await rowsOf<PresenceColumns>(
    tx,
    sql`select m.user_id, ${columns(moment)} from memberships m
        left join presences p on p.workspace_id = m.workspace_id and p.user_id = m.user_id
        where m.workspace_id = ${tx.workspace} and m.user_id = any(${sql.param(users)}::text[])`,
  )
  return rows.map(toRow)
}

/** Finds the presence of one member. */
export async function findPresence(tx: Tx, userId: string, moment: PresenceMoment): Promise<PresenceRow | undefined> {
  const [row] = await listPresences(tx, { users: [userId], moment })
  return row
}

/** Reads who can watch one more run: with the role, online, and with fewer sessions than the limit; the idlest first. */
export async function listAvailable(
  tx: Tx,
  query: { readonly moment: PresenceMoment; readonly except: string | null; readonly most: number },
): Promise<readonly AvailableRow[]> {
  const { moment, except, most } = query
  const rows = await rowsOf<PresenceColumns & { readonly watching: string }>(
    tx,
    sql`select * from (
          select p.user_id, ${columns(moment)}, ${watching(moment)} as watching
          from presences p join memberships m on m.workspace_id = p.workspace_id and m.user_id = p.user_id
          where p.workspace_id = ${tx.workspace} and m.roles && array['admin', 'supervisor']
            and p.user_id is distinct from ${except}::text and ${stateAt(moment)} = 'online'
        ) as online where watching < ${most} order by watching, user_id limit 1000`,
  )
  return rows.map((row) => ({ ...toRow(row), watching: Number(row.watching) }))
}

/** Counts those who have the role to supervise and are online, whatever they watch already. */
export async function countOnline(tx: Tx, moment: PresenceMoment): Promise<number> {
  const row = await rowOf<{ readonly count: number }>(
    tx,
    sql`select count(*)::int as count ${onlineSupervisors(tx, moment)}`,
  )
  return row?.count ?? 0
}

/** Counts the members by presence; as the system role those of every workspace. */
export function countByPresence(
  tx: Tx,
  moment: PresenceMoment,
): Promise<readonly { readonly label: PresenceState; readonly count: number }[]> {
  const isHere = tx.workspace === '*' ? sql`true` : sql`m.workspace_id = ${tx.workspace}`
  return rowsOf(
    tx,
    sql`select ${stateAt(moment)} as label, count(*)::int as count from memberships m
        left join presences p on p.workspace_id = m.workspace_id and p.user_id = m.user_id
        where ${isHere} group by 1`,
  )
}

/** Those who have the role to supervise and are online, from the `from` of a query on. */
export function onlineSupervisors(tx: Tx, moment: PresenceMoment): SQL {
  return sql`from presences p join memberships m on m.workspace_id = p.workspace_id and m.user_id = p.user_id
    where p.workspace_id = ${tx.workspace} and m.roles && array['admin', 'supervisor'] and ${stateAt(moment)} = 'online'`
}

/** How many sessions the user of the row `p` watches or was asked to watch. */
const watching = ({ at }: PresenceMoment): SQL => sql`((
    select count(*) from supervision_sessions s where s.workspace_id = p.workspace_id and s.supervisor_id = p.user_id
      and s.${OPEN} and s.supervisor_lease_expires_at > ${at}::timestamptz)
  + (select count(*) from supervised_queue q join supervision_sessions s on s.id = q.session_id
    where q.workspace_id = p.workspace_id and q.state = 'pending' and q.offered_to = p.user_id
      and q.offered_until > ${at}::timestamptz and s.state = 'starting'))`

/** What was heard of some users at one moment. */
export interface Heard {
  readonly users: readonly string[]
  /** Those of them who acted. */
  readonly acted: readonly string[]
  /** An activity after this time (ISO 8601) need not be written again, unless it changes the state. */
  readonly since: string
  readonly moment: PresenceMoment
}

/**
 * Records the acts of those who were announced as online, with nothing set by hand, and whose last act is to be written:
 * they are online. Gives these; of the others nothing was written.
 */
export async function recordPlainActs(
  tx: Tx,
  { acted, since, moment }: Omit<Heard, 'users'>,
): Promise<readonly PresenceRow[]> {
  if (acted.length === 0) return []
  const row = await rowOf<{ readonly others: readonly string[] }>(
    tx,
    sql`select preceptor_hear_plainly(${sql.param(acted)}::text[], ${moment.at}::timestamptz, ${since}::timestamptz) as others`,
  )
  const others = new Set(row?.others ?? acted)
  return acted
    .filter((userId) => !others.has(userId))
    .map((userId) => ({ userId, state: 'online', lastActivityAt: moment.at, override: null, announced: 'online' }))
}

/** Records what was heard, as far as it is to be written, and gives the presence of each who is a member. */
export async function recordHeard(tx: Tx, { users, acted, since, moment }: Heard): Promise<readonly PresenceRow[]> {
  const { at } = moment
  // In one order, so that two of these never wait for each other.
  const rows = await rowsOf<PresenceColumns>(
    tx,
    sql`with known as materialized (
          select m.user_id, ${columns(moment)} from memberships m
          left join presences p on p.workspace_id = m.workspace_id and p.user_id = m.user_id
          where m.workspace_id = ${tx.workspace} and m.user_id = any(${sql.param(users)}::text[])
        ), written as (
          insert into presences as p (workspace_id, user_id, last_activity_at, last_heartbeat_at)
            select ${tx.workspace}, user_id, ${at}::timestamptz, ${at}::timestamptz from known
            where user_id = any(${sql.param(acted)}::text[]) and (last_activity_at is null
              or last_activity_at <= ${since}::timestamptz or state <> announced_state
              or (override_state is null and state <> 'online'))
            order by user_id
          on conflict (workspace_id, user_id) do update
            set last_activity_at = greatest(p.last_activity_at, excluded.last_activity_at),
              last_heartbeat_at = excluded.last_heartbeat_at
          returning p.user_id, ${columns(moment)}
        )
        select * from written
        union all select * from known where not exists (select from written where written.user_id = known.user_id)`,
  )
  return rows.map(toRow)
}

/** Sets or, with null, takes away what somebody chose by hand; false when the user is no member. */
export async function writeOverride(
  tx: Tx,
  override: { readonly userId: string; readonly state: PresenceState | null; readonly until: string | null },
): Promise<boolean> {
  const { userId, state, until } = override
  const changed = await countOf(
    tx,
    sql`insert into presences (workspace_id, user_id, override_state, override_until)
        select workspace_id, user_id, ${state}::text, ${until}::timestamptz from memberships
          where workspace_id = ${tx.workspace} and user_id = ${userId}
        on conflict (workspace_id, user_id) do update
          set override_state = excluded.override_state, override_until = excluded.override_until`,
  )
  return changed === 1
}

/** Writes down the states that differ from those announced; each change is given to exactly one caller. */
export async function announceStates(
  tx: Tx,
  { users, moment }: { readonly users: readonly string[]; readonly moment: PresenceMoment },
): Promise<readonly PresenceChange[]> {
  const held = sql`select user_id, announced_state as before from presences
    where workspace_id = ${tx.workspace} and user_id = any(${sql.param(users)}::text[]) order by user_id for update`
  return changesOf(await settleStates(tx, { held, by: sql`p.user_id = held.user_id`, moment }))
}

/** The same for states that may have changed by themselves, the longest due first; and how many were looked at. */
export async function announceDueStates(
  tx: Tx,
  { limit, moment }: { readonly limit: number; readonly moment: PresenceMoment },
): Promise<{ readonly looked: number; readonly changes: readonly PresenceChange[] }> {
  const held = sql`select ctid as place, announced_state as before from presences
    where due_at <= ${moment.at}::timestamptz and workspace_id = ${tx.workspace}
    order by due_at limit ${limit} for update skip locked`
  // Found by their place; one that another transaction moved on meanwhile is left to the next look.
  const settled = await settleStates(tx, { held, by: sql`p.ctid = held.place`, moment })
  return { looked: settled.length, changes: changesOf(settled) }
}

async function settleStates(
  tx: Tx,
  { held, by, moment }: { readonly held: SQL; readonly by: SQL; readonly moment: PresenceMoment },
): Promise<readonly PresenceChange[]> {
  return rowsOf<PresenceChange>(
    tx,
    sql`with held as materialized (${held})
        update presences p set announced_state = ${stateAt(moment)}, due_at = ${dueAt(moment)} from held
        where p.workspace_id = ${tx.workspace} and ${by}
        returning p.user_id as "userId", held.before, p.announced_state as state`,
  )
}

function changesOf(settled: readonly PresenceChange[]): readonly PresenceChange[] {
  return settled.filter(({ before, state }) => before !== state)
}

/** Finds the workspaces in which a state may have changed by itself, or a session has fallen silent. */
export async function findDuePresences(
  tx: Tx,
  { at, silentBefore }: { readonly at: string; readonly silentBefore: string },
): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select workspace_id from presences where due_at <= ${at}::timestamptz
        union select workspace_id from presence_sessions
          where ended_at is null and last_heartbeat_at <= ${silentBefore}::timestamptz`,
  )
  return rows.map((row) => row.workspace_id)
}

function toRow(row: PresenceColumns): PresenceRow {
  const { override_state: state } = row
  return {
    userId: row.user_id,
    state: row.state,
    lastActivityAt: isoOf(row.last_activity_at),
    override: state === null ? null : { state, until: isoOf(row.override_until) },
    announced: row.announced_state,
  }
}
