import type { Page } from '@preceptor/client'
import { countOf, isoOf, isThere, pageOf, rowOf, rowsOf, type TimePlace, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { Evaluation, LearningSession } from '../client/trainer.ts'
import type { SessionDraft, SessionListQuery } from './parse-session.ts'
import type { SessionEnd, StoredSession, TriedWay } from './stored-session.ts'

interface SessionRow {
  readonly id: string
  readonly agent_type: string
  readonly agent_id: string | null
  readonly mode: LearningSession['mode']
  readonly format: string
  readonly template: string | null
  readonly context: string
  readonly original: string
  readonly correction: string | null
  readonly state: LearningSession['state']
  readonly improved: string | null
  readonly before: Evaluation | null
  readonly after: Evaluation | null
  readonly improvement: number | null
  readonly strategy: string
  readonly tried: readonly TriedWay[]
  readonly adaptation_id: string | null
  readonly model: string | null
  readonly duration_ms: string | number | null
  readonly failure: string | null
  readonly attempts: number
  readonly actor: string
  readonly created_at: string
  readonly started_at: string | null
  readonly ended_at: string | null
}

/** Writes a session: waiting for a worker, or held until a time by who writes it. */
export async function insertSession(
  tx: Tx,
  draft: SessionDraft,
  made: {
    readonly id: string
    readonly strategy: string
    readonly actor: string
    readonly at: string
    readonly heldUntil: string | null
  },
): Promise<StoredSession> {
  const { heldUntil, at } = made
  const isHeld = heldUntil !== null
  const rows = await rowsOf<SessionRow>(
    tx,
    sql`insert into learning_sessions (id, workspace_id, agent_type, agent_id, mode, format, template, context, original,
          correction, state, strategy, attempts, lease_expires_at, actor, created_at, started_at)
        values (${made.id}, ${tx.workspace}, ${draft.agentType}, ${draft.agent}, ${draft.mode}, ${draft.format},
          ${draft.template}, ${draft.context}, ${draft.original}, ${draft.correction}, ${isHeld ? 'running' : 'pending'},
          ${made.strategy}, ${isHeld ? 1 : 0}, ${heldUntil}, ${made.actor}, ${at}, ${isHeld ? at : null})
        returning *`,
  )
  const [session] = rows.map(toSession)
  if (session === undefined) throw new Error(`The learning session ${made.id} was not written.`)
  return session
}

/** Claims a session that nobody holds until a time; undefined where there is nothing to claim. */
export async function claimSession(
  tx: Tx,
  id: string,
  { at, until }: { readonly at: string; readonly until: string },
): Promise<StoredSession | undefined> {
  const row = await rowOf<SessionRow>(
    tx,
    sql`update learning_sessions set state = 'running', lease_expires_at = ${until}, attempts = attempts + 1,
          started_at = ${at}
        where workspace_id = ${tx.workspace} and id = ${id}
          and (state = 'pending' or state = 'running' and lease_expires_at < ${at}) returning *`,
  )
  return row && toSession(row)
}

/** Ends a session as whoever claimed it so often; undefined when somebody else claimed it since, or it has ended. */
export async function endSession(
  tx: Tx,
  { id, attempts }: Pick<StoredSession, 'id' | 'attempts'>,
  end: SessionEnd,
): Promise<StoredSession | undefined> {
  const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
  const row = await rowOf<SessionRow>(
    tx,
    sql`update learning_sessions set state = ${end.failure === null ? 'completed' : 'failed'}, improved = ${end.improved},
          before = ${json(end.before)}::jsonb, after = ${json(end.after)}::jsonb, improvement = ${end.improvement},
          strategy = ${end.strategy}, tried = ${JSON.stringify(end.tried)}::jsonb, adaptation_id = ${end.adaptationId},
          examples = ${sql.param(end.examples)}::text[], tags = ${sql.param(end.tags)}::text[], model = ${end.model},
          duration_ms = ${end.durationMs}, failure = ${end.failure}, ended_at = ${end.at}, lease_expires_at = null
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'running' and attempts = ${attempts} returning *`,
  )
  return row && toSession(row)
}

export async function findSession(tx: Tx, id: string): Promise<StoredSession | undefined> {
  const row = await rowOf<SessionRow>(
    tx,
    sql`select * from learning_sessions where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toSession(row)
}

/** Whether a session is there and of that agent. */
export async function isSessionThere(
  tx: Tx,
  { id, agent }: { readonly id: string; readonly agent: string },
): Promise<boolean> {
  return isThere(
    tx,
    sql`select from learning_sessions where workspace_id = ${tx.workspace} and id = ${id} and agent_id = ${agent}`,
  )
}

/** Reads a page of sessions, newest first; `only`: of those agents. */
export async function listSessions(
  tx: Tx,
  { agentType, agent, state, before, limit, only }: SessionListQuery & { readonly only: readonly string[] | null },
): Promise<Page<StoredSession>> {
  const rows = await rowsOf<SessionRow>(
    tx,
    sql`select * from learning_sessions where workspace_id = ${tx.workspace}
          and (${agentType}::text is null or agent_type = ${agentType})
          and (${agent}::text is null or agent_id = ${agent})
          and (${state}::text is null or state = ${state})
          and (${sql.param(only)}::text[] is null or agent_id = any(${sql.param(only)}::text[]))
          and (${before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))
        order by created_at desc, id desc limit ${limit + 1}`,
  )
  return pageOf(rows.map(toSession), limit, ({ createdAt, id }) => [createdAt, id])
}

/** Lists sessions, oldest first, up to a time; one more than the limit. */
export async function listOldestSessions(
  tx: Tx,
  { agentType, after, until, limit, only }: OldestQuery & { readonly only: readonly string[] | null },
): Promise<readonly StoredSession[]> {
  const rows = await rowsOf<SessionRow>(
    tx,
    sql`select * from learning_sessions where workspace_id = ${tx.workspace} and created_at <= ${until}
          and (${agentType}::text is null or agent_type = ${agentType}) and ${isAfter(after)}
          and (${sql.param(only)}::text[] is null or agent_id = any(${sql.param(only)}::text[]))
        order by created_at, id limit ${limit + 1}`,
  )
  return rows.map(toSession)
}

/** A part of a list that is read from its oldest row on. */
export interface OldestQuery {
  readonly agentType: string | null
  readonly after: TimePlace | null
  readonly until: string
  readonly limit: number
}

function isAfter(after: TimePlace | null): SQL {
  return sql`(${after?.at ?? null}::timestamptz is null
    or (created_at, id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::text))`
}

/** Finds sessions that nobody works on, over all workspaces. */
export async function findOpenSessions(
  tx: Tx,
  at: string,
): Promise<readonly { readonly workspace: string; readonly id: string }[]> {
  return rowsOf(
    tx,
    sql`select workspace_id as workspace, id from learning_sessions
        where state = 'pending' or state = 'running' and lease_expires_at < ${at} order by created_at, id limit 50`,
  )
}

/** Finds the workspaces that hold sessions which ended before a time; for the system role. */
export async function listWithOldSessions(tx: Tx, before: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select workspace_id from learning_sessions where ended_at < ${before}
        union select workspace_id from learning_predictions where settled_at < ${before}
        union select workspace_id from learning_adaptations where state = 'removed' and created_at < ${before}`,
  )
  return rows.map((row) => row.workspace_id)
}

/** Removes what ended before a time, at most so many rows of each kind; for the system role. Gives how many. */
export async function deleteOldSessions(
  tx: Tx,
  { before, limit }: { readonly before: string; readonly limit: number },
): Promise<number> {
  const old = [
    sql`delete from learning_sessions where id in (select id from learning_sessions
          where workspace_id = ${tx.workspace} and ended_at < ${before} order by ended_at limit ${limit})`,
    sql`delete from learning_predictions where id in (select id from learning_predictions
          where workspace_id = ${tx.workspace} and settled_at < ${before} order by settled_at limit ${limit})`,
    sql`delete from learning_adaptations where id in (select id from learning_adaptations
          where workspace_id = ${tx.workspace} and state = 'removed' and created_at < ${before}
          order by created_at limit ${limit})`,
  ]
  let removed = 0
  for (const statement of old) removed += await countOf(tx, statement)
  return removed
}

function toSession(row: SessionRow): StoredSession {
  return {
    id: row.id,
    agentType: row.agent_type,
    agent: row.agent_id,
    mode: row.mode,
    format: row.format,
    state: row.state,
    context: row.context,
    originalResponse: row.original,
    correction: row.correction,
    improvedResponse: row.improved,
    before: row.before,
    after: row.after,
    improvement: row.improvement,
    strategy: row.strategy,
    adaptationId: row.adaptation_id,
    model: row.model,
    durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
    failure: row.failure,
    actor: row.actor,
    createdAt: isoOf(row.created_at),
    endedAt: isoOf(row.ended_at),
    template: row.template,
    tried: row.tried,
    attempts: row.attempts,
    startedAt: isoOf(row.started_at),
  }
}
