import type { SupervisionSession, SupervisionState } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'
import { WHOLE_AGENT } from '../maturity/record-capability.ts'

const OPEN: SQL = sql.raw(`state not in ('completed', 'terminated', 'failed')`)

/** Who paused a session that nobody watched any more. */
export const LAPSED = 'lease'

/** A session that nobody watches yet. */
export interface NewSession {
  readonly id: string
  readonly agent: string
  readonly run: string
  readonly decisionId: string
  readonly action: string
  readonly capability: string
  readonly argsHash: string
  readonly at: string
}

/** Opens the session of a run, or joins the one that is open; says whether it is new. */
export async function openSession(
  tx: Tx,
  session: NewSession,
): Promise<{ readonly id: string; readonly opened: boolean }> {
  const row = await rowOf<{ readonly id: string }>(
    tx,
    sql`insert into supervision_sessions as s (id, workspace_id, agent_id, run, decision_id, action, capability,
          args_hash, state, last_step_at, created_at)
        values (${session.id}, ${tx.workspace}, ${session.agent}, ${session.run}, ${session.decisionId},
          ${session.action}, ${session.capability}, ${session.argsHash}, 'starting', ${session.at}, ${session.at})
        on conflict (workspace_id, agent_id, run) where state not in ('completed', 'terminated', 'failed')
        do update set last_step_at = excluded.last_step_at
        returning id`,
  )
  const id = row?.id ?? session.id
  return { id, opened: id === session.id }
}

/** Counts the other open sessions under a live lease of a supervisor, who attaches nowhere else until the transaction ends. */
export async function countOtherSessions(
  tx: Tx,
  id: string,
  { supervisor, at }: { readonly supervisor: string; readonly at: string },
): Promise<number> {
  const name = JSON.stringify(['preceptor', tx.workspace, 'supervisor', supervisor])
  await rowsOf(tx, sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`)
  const row = await rowOf<{ readonly others: string }>(
    tx,
    sql`select count(*) as others from supervision_sessions where workspace_id = ${tx.workspace} and ${OPEN}
          and supervisor_id = ${supervisor} and supervisor_lease_expires_at > ${at} and id <> ${id}`,
  )
  return Number(row?.others)
}

/**
 * Attaches a supervisor or renews the own lease; false when somebody else holds it or the session has ended. One that was
 * paused because nobody watched goes on; one that a person paused stays paused.
 */
export async function attachSession(
  tx: Tx,
  id: string,
  attach: {
    readonly supervisor: string
    readonly at: string
    readonly leaseExpiresAt: string
    /** Whoever holds it now. */
    readonly takesOver: boolean
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervision_sessions set
          state = case when state = 'starting' or paused_by = ${LAPSED} then 'running' else state end,
          paused_by = case when paused_by = ${LAPSED} then null else paused_by end,
          started_at = coalesce(started_at, ${attach.at}),
          supervisor_id = ${attach.supervisor},
          supervised_by = case when ${attach.supervisor} = any(supervised_by) then supervised_by
            else array_append(supervised_by, ${attach.supervisor}) end,
          supervisor_lease_expires_at = ${attach.leaseExpiresAt},
          handed_to = case when handed_to = ${attach.supervisor} then null else handed_to end,
          fence = case when supervisor_id = ${attach.supervisor} then fence else fence + 1 end
        where workspace_id = ${tx.workspace} and id = ${id} and ${OPEN}
          and (supervisor_id is null or supervisor_id = ${attach.supervisor} or handed_to = ${attach.supervisor}
            or supervisor_lease_expires_at < ${attach.at} or ${attach.takesOver})`,
  )
  return changed === 1
}

/** Lets a live lease last longer; false when it has lapsed, is of somebody else, or the session has ended. */
export async function extendLease(
  tx: Tx,
  id: string,
  lease: { readonly supervisor: string; readonly at: string; readonly leaseExpiresAt: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervision_sessions set supervisor_lease_expires_at = ${lease.leaseExpiresAt}
        where workspace_id = ${tx.workspace} and id = ${id} and ${OPEN}
          and supervisor_id = ${lease.supervisor} and supervisor_lease_expires_at > ${lease.at}`,
  )
  return changed === 1
}

/** Reads a session and holds it until the transaction ends; the first of what it is about. */
export async function lockSession(tx: Tx, id: string): Promise<SupervisionSession | undefined> {
  const row = await rowOf<SessionRow>(
    tx,
    sql`select * from supervision_sessions where workspace_id = ${tx.workspace} and id = ${id} for no key update`,
  )
  return row && toSession(row)
}

/** Moves a session from one of the given states; false when it is in none of them. */
export async function moveSession(
  tx: Tx,
  move: {
    readonly id: string
    readonly from: readonly SupervisionState[]
    readonly to: SupervisionState
    /** Who paused it; null for a state that is no pause. */
    readonly pausedBy: string | null
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervision_sessions set state = ${move.to}, paused_by = ${move.pausedBy}
        where workspace_id = ${tx.workspace} and id = ${move.id} and state = any(${sql.param(move.from)}::text[])`,
  )
  return changed === 1
}

/** Records that a step of a session began just now. */
export async function touchSession(tx: Tx, id: string, at: string): Promise<void> {
  await countOf(
    tx,
    sql`update supervision_sessions set last_step_at = ${at} where workspace_id = ${tx.workspace} and id = ${id} and ${OPEN}`,
  )
}

/** Lets another supervisor take an open session that somebody holds; false when that one does not hold it. */
export async function offerSession(
  tx: Tx,
  offer: { readonly id: string; readonly from: string; readonly to: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervision_sessions set handed_to = ${offer.to}
        where workspace_id = ${tx.workspace} and id = ${offer.id} and supervisor_id = ${offer.from} and ${OPEN}`,
  )
  return changed === 1
}

/** Rates a completed session; false when it was rated before, or is not completed. */
export async function rateSession(
  tx: Tx,
  rating: {
    readonly id: string
    readonly rating: number
    readonly feedback: string | null
    readonly by: string
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervision_sessions set rating = ${rating.rating}, feedback = ${rating.feedback}, rated_by = ${rating.by},
          rated_at = ${rating.at}
        where workspace_id = ${tx.workspace} and id = ${rating.id} and state = 'completed' and rating is null`,
  )
  return changed === 1
}

/** What the first step of a session exercises. */
export async function capabilityOf(tx: Tx, id: string): Promise<string> {
  const row = await rowOf<{ readonly capability: string }>(
    tx,
    sql`select capability from supervision_sessions where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row?.capability ?? WHOLE_AGENT
}

/** Everybody who held a session. */
export async function listWatchers(tx: Tx, id: string): Promise<readonly string[]> {
  const row = await rowOf<{ readonly supervised_by: readonly string[] }>(
    tx,
    sql`select supervised_by from supervision_sessions where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row?.supervised_by ?? []
}

/** Finds sessions that run and that nobody watches any more. */
export async function findLapsedSessions(
  tx: Tx,
  query: { readonly at: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly id: string }>(
    tx,
    sql`select id from supervision_sessions where workspace_id = ${tx.workspace} and state in ('running', 'correcting')
          and supervisor_lease_expires_at < ${query.at} order by supervisor_lease_expires_at limit ${query.limit}`,
  )
  return rows.map(({ id }) => id)
}

/** Finds sessions that are to pause and in which nothing is under way. */
export async function findQuietSessions(tx: Tx, limit: number): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly id: string }>(
    tx,
    sql`select id from supervision_sessions s where workspace_id = ${tx.workspace} and state = 'pausing' and not exists (
          select from executions e where e.session_id = s.id and e.state = 'claimed' and not e.parked
        ) limit ${limit}`,
  )
  return rows.map(({ id }) => id)
}

/** Ends an open session; false when it had ended before. */
export async function endSession(
  tx: Tx,
  end: {
    readonly id: string
    readonly state: 'completed' | 'failed' | 'terminated'
    readonly reason: string
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervision_sessions set state = ${end.state}, ended_at = ${end.at}, end_reason = ${end.reason},
          paused_by = null, handed_to = null
        where workspace_id = ${tx.workspace} and id = ${end.id} and ${OPEN}`,
  )
  return changed === 1
}

/** The last session of a run, as far as it binds what the run does next. */
export async function findRunSession(
  tx: Tx,
  run: { readonly agent: string; readonly run: string },
): Promise<Pick<SupervisionSession, 'id' | 'state'> | undefined> {
  return rowOf<{ readonly id: string; readonly state: SupervisionState }>(
    tx,
    sql`select id, state from supervision_sessions where workspace_id = ${tx.workspace} and agent_id = ${run.agent}
          and run = ${run.run} and (state = 'terminated' or ${OPEN})
        order by (state = 'terminated') desc limit 1`,
  )
}

/** Finds the open session of a run. */
export async function findOpenSession(
  tx: Tx,
  run: { readonly agent: string; readonly run: string },
): Promise<string | undefined> {
  const row = await rowOf<{ readonly id: string }>(
    tx,
    sql`select id from supervision_sessions where workspace_id = ${tx.workspace} and agent_id = ${run.agent}
          and run = ${run.run} and ${OPEN}`,
  )
  return row?.id
}

/** Ends sessions in which no step began since the given time; gives their ids and agents. */
export async function endIdleSessions(
  tx: Tx,
  request: { readonly idleSince: string; readonly at: string; readonly reason: string; readonly limit: number },
): Promise<readonly { readonly id: string; readonly agent: string }[]> {
  const rows = await rowsOf<{ readonly id: string; readonly agent_id: string }>(
    tx,
    sql`update supervision_sessions set state = 'completed', ended_at = ${request.at}, end_reason = ${request.reason}
        where workspace_id = ${tx.workspace} and ${OPEN} and id in (
          select s.id from supervision_sessions s where s.workspace_id = ${tx.workspace} and s.${OPEN}
            and s.last_step_at < ${request.idleSince}
            and not exists (select from executions e where e.session_id = s.id and e.state = 'claimed')
          limit ${request.limit} for update skip locked
        )
        returning id, agent_id`,
  )
  return rows.map((row) => ({ id: row.id, agent: row.agent_id }))
}

interface SessionRow {
  readonly id: string
  readonly agent_id: string
  readonly run: string
  readonly decision_id: string
  readonly action: string
  readonly state: SupervisionState
  readonly supervisor_id: string | null
  readonly supervisor_lease_expires_at: string | null
  readonly handed_to: string | null
  readonly paused_by: string | null
  readonly rating: number | null
  readonly feedback: string | null
  readonly rated_by: string | null
  readonly created_at: string
  readonly started_at: string | null
  readonly ended_at: string | null
  readonly end_reason: string | null
}

/** Finds a session by id. */
export async function findSession(tx: Tx, id: string): Promise<SupervisionSession | undefined> {
  const row = await rowOf<SessionRow>(
    tx,
    sql`select * from supervision_sessions where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toSession(row)
}

/** Reads a page of sessions, newest first, one more than the limit. */
export async function listSessions(tx: Tx, query: RecordListQuery): Promise<readonly SupervisionSession[]> {
  const rows = await rowsOf<SessionRow>(
    tx,
    sql`select * from supervision_sessions where workspace_id = ${tx.workspace}
          and (${query.agent}::text is null or agent_id = ${query.agent})
          and (${sql.param(query.only)}::text[] is null or agent_id = any(${sql.param(query.only)}::text[]))
          and (${query.state}::text is null or state = ${query.state} or (${query.state} = 'active' and ${OPEN}))
          and (${query.before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by created_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toSession)
}

function toSession(row: SessionRow): SupervisionSession {
  return {
    id: row.id,
    agent: row.agent_id,
    run: row.run,
    decisionId: row.decision_id,
    action: row.action,
    state: row.state,
    supervisorId: row.supervisor_id,
    supervisorLeaseExpiresAt: isoOf(row.supervisor_lease_expires_at),
    handedTo: row.handed_to,
    pausedBy: row.paused_by,
    rating: row.rating,
    feedback: row.feedback,
    ratedBy: row.rated_by,
    createdAt: isoOf(row.created_at),
    startedAt: isoOf(row.started_at),
    endedAt: isoOf(row.ended_at),
    endReason: row.end_reason,
  }
}
