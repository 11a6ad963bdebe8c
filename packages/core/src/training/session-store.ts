import type { Maturity, TrainingSession, TrainingSessionState } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'
import type { PastTraining } from './estimate.ts'

const FULL = 10_000
const HOUR_MS = 3_600_000

/** A session that is about to be scheduled. */
export interface NewTrainingSession {
  readonly id: string
  readonly agent: string
  readonly trainingProposalId: string
  readonly capability: string
  readonly category: string | null
  readonly gaps: readonly string[]
  readonly durationHours: number
  readonly hoursPerDay: number
  readonly startsAt: string
  readonly endsAt: string
  readonly approvedBy: string
  readonly at: string
}

/** Schedules a session. */
export async function insertSession(tx: Tx, session: NewTrainingSession): Promise<void> {
  await countOf(
    tx,
    sql`insert into training_sessions (id, workspace_id, agent_id, training_proposal_id, capability, category, gaps,
          state, duration_hours, hours_per_day, starts_at, ends_at, approved_by, created_at, updated_at)
        values (${session.id}, ${tx.workspace}, ${session.agent}, ${session.trainingProposalId}, ${session.capability},
          ${session.category}, ${sql.param(session.gaps)}::text[], 'scheduled', ${session.durationHours},
          ${session.hoursPerDay}, ${session.startsAt}, ${session.endsAt}, ${session.approvedBy}, ${session.at},
          ${session.at})`,
  )
}

interface SessionRow {
  readonly id: string
  readonly agent_id: string
  readonly training_proposal_id: string
  readonly capability: string
  readonly gaps: string[]
  readonly state: TrainingSessionState
  readonly duration_hours: number
  readonly hours_per_day: number
  readonly starts_at: string
  readonly ends_at: string
  readonly approved_by: string
  readonly started_at: string | null
  readonly active_ms: string
  readonly fence: number
  readonly score: number | null
  readonly typed: boolean
  readonly scored_by: string[]
  readonly developed: string[]
  readonly remaining: string[]
  readonly missing: string[]
  readonly maturity_before: Maturity | null
  readonly maturity_after: Maturity | null
  readonly ended_at: string | null
  readonly end_reason: string | null
  readonly created_at: string
  readonly updated_at: string
  readonly of: string
  readonly answered: string
  readonly graded: string
}

const progress = sql.raw(`(select count(*) from scenario_runs r where r.session_id = s.id) as of,
  (select count(answered_at) from scenario_runs r where r.session_id = s.id) as answered,
  (select count(score) from scenario_runs r where r.session_id = s.id) as graded`)

/** Finds a session by id. */
export async function findTrainingSession(tx: Tx, id: string): Promise<TrainingSession | undefined> {
  const row = await rowOf<SessionRow>(
    tx,
    sql`select s.*, ${progress} from training_sessions s where s.workspace_id = ${tx.workspace} and s.id = ${id}`,
  )
  return row && toSession(row)
}

/** A session that nobody else changes until the transaction ends. */
export interface HeldSession {
  readonly session: TrainingSession
  readonly fence: number
}

/** Reads a session and holds it until the transaction ends. */
export async function lockTrainingSession(tx: Tx, id: string): Promise<HeldSession | undefined> {
  const locked = await countOf(
    tx,
    sql`select 1 from training_sessions where workspace_id = ${tx.workspace} and id = ${id} for update`,
  )
  if (locked === 0) return undefined
  const row = await rowOf<SessionRow>(
    tx,
    sql`select s.*, ${progress} from training_sessions s where s.workspace_id = ${tx.workspace} and s.id = ${id}`,
  )
  return row && { session: toSession(row), fence: row.fence }
}

/** Reads a page of sessions, newest first, one more than the limit. */
export async function listTrainingSessions(tx: Tx, query: RecordListQuery): Promise<readonly TrainingSession[]> {
  const rows = await rowsOf<SessionRow>(
    tx,
    sql`select s.*, ${progress} from training_sessions s where s.workspace_id = ${tx.workspace}
          and (${query.agent}::text is null or s.agent_id = ${query.agent})
          and (${sql.param(query.only)}::text[] is null or s.agent_id = any(${sql.param(query.only)}::text[]))
          and (${query.state}::text is null or s.state = ${query.state}
            or (${query.state} = 'active' and s.state in ('scheduled', 'in_progress', 'paused')))
          and (${query.before?.at ?? null}::timestamptz is null
            or (s.created_at, s.id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by s.created_at desc, s.id desc limit ${query.limit + 1}`,
  )
  return rows.map(toSession)
}

/** One step of a session from one state to the next. */
export interface SessionMove {
  readonly id: string
  readonly from: readonly TrainingSessionState[]
  readonly to: Exclude<TrainingSessionState, 'scheduled' | 'completed'>
  readonly reason: string | null
  readonly at: string
}

/** Moves a session, and counts the time that it was in progress; false when it was in none of those states. */
export async function moveSession(tx: Tx, { id, from, to, reason, at }: SessionMove): Promise<boolean> {
  const hasEnded = to === 'cancelled' || to === 'failed'
  const changed = await countOf(
    tx,
    sql`update training_sessions set state = ${to}, started_at = coalesce(started_at,
            case when ${to} = 'in_progress' then ${at}::timestamptz end), ${activeUntil(at)},
          active_since = case when ${to} = 'in_progress' then ${at}::timestamptz end,
          ended_at = case when ${hasEnded} then ${at}::timestamptz end, end_reason = ${reason}, updated_at = ${at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = any(${sql.param(from)}::text[])`,
  )
  return changed === 1
}

/** The time in progress until now; a clock that went back takes nothing away. */
function activeUntil(at: string): ReturnType<typeof sql> {
  return sql`active_ms = active_ms + greatest(0, coalesce(
    (extract(epoch from (${at}::timestamptz - active_since)) * 1000)::bigint, 0))`
}

/** What a completed session has come to. */
export interface SessionCompletion {
  readonly id: string
  /** Basis points. */
  readonly score: number
  readonly typed: boolean
  readonly reason: string | null
  readonly scoredBy: readonly string[]
  readonly developed: readonly string[]
  readonly remaining: readonly string[]
  readonly missing: readonly string[]
  readonly maturityBefore: Maturity
  readonly maturityAfter: Maturity
  readonly at: string
}

/** Completes a session that is in progress, once; false when it is not. */
export async function completeInProgress(tx: Tx, done: SessionCompletion): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update training_sessions set state = 'completed', score = ${done.score}, typed = ${done.typed},
          scored_by = ${sql.param(done.scoredBy)}::text[], developed = ${sql.param(done.developed)}::text[],
          remaining = ${sql.param(done.remaining)}::text[], missing = ${sql.param(done.missing)}::text[],
          maturity_before = ${done.maturityBefore}, maturity_after = ${done.maturityAfter}, ${activeUntil(done.at)},
          active_since = null, ended_at = ${done.at}, end_reason = ${done.reason}, updated_at = ${done.at}
        where workspace_id = ${tx.workspace} and id = ${done.id} and state = 'in_progress'`,
  )
  return changed === 1
}

const MOST_PAST = 50

/** What courses of agents of a category took and came to, the last 50; typed scores measure nothing. */
export async function pastTrainings(tx: Tx, category: string | null): Promise<readonly PastTraining[]> {
  if (category === null) return []
  const rows = await rowsOf<{ readonly active_ms: string; readonly score: number }>(
    tx,
    sql`select active_ms, score from training_sessions
        where workspace_id = ${tx.workspace} and category = ${category.toLowerCase()} and state = 'completed'
          and not typed
        order by ended_at desc limit ${MOST_PAST}`,
  )
  return rows.map(({ active_ms, score }) => ({ hours: Number(active_ms) / HOUR_MS, score: score / FULL }))
}

function toSession(row: SessionRow): TrainingSession {
  return {
    id: row.id,
    agent: row.agent_id,
    trainingProposalId: row.training_proposal_id,
    capability: row.capability,
    gaps: row.gaps,
    state: row.state,
    durationHours: row.duration_hours,
    hoursPerDay: row.hours_per_day,
    startsAt: isoOf(row.starts_at),
    endsAt: isoOf(row.ends_at),
    approvedBy: row.approved_by,
    progress: { of: Number(row.of), answered: Number(row.answered), graded: Number(row.graded) },
    score: row.score === null ? null : row.score / FULL,
    typed: row.typed,
    scoredBy: row.scored_by,
    developed: row.developed,
    remaining: row.remaining,
    maturityBefore: row.maturity_before,
    maturityAfter: row.maturity_after,
    missing: row.missing,
    measuredHours: Number(row.active_ms) / HOUR_MS,
    startedAt: isoOf(row.started_at),
    endedAt: isoOf(row.ended_at),
    endReason: row.end_reason,
    createdAt: isoOf(row.created_at),
    updatedAt: isoOf(row.updated_at),
  }
}
