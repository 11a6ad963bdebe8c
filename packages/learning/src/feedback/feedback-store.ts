import { countOf, isoOf, rowOf, rowsOf, type TimePlace, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { AboutKind, Feedback, FeedbackKind } from '../client/feedback.ts'
import type { FeedbackFilter } from './parse-feedback.ts'

interface FeedbackRow {
  readonly id: string
  readonly agent_id: string
  readonly agent_type: string
  readonly kind: FeedbackKind
  readonly input: string
  readonly output: string
  readonly correction: string | null
  readonly comment: string | null
  readonly tags: readonly string[]
  readonly about_kind: AboutKind
  readonly about_id: string
  readonly about_task: string | null
  readonly actor: string
  readonly example_id: string | null
  readonly created_at: string
}

/** Writes feedback; `source` is the journal row that it was captured from. */
export async function insertFeedback(tx: Tx, feedback: Feedback, source: string | null): Promise<void> {
  const { about } = feedback
  await countOf(
    tx,
    sql`insert into learning_feedback (id, workspace_id, agent_id, agent_type, kind, input, output, correction, comment,
          tags, about_kind, about_id, about_task, actor, example_id, source_id, created_at)
        values (${feedback.id}, ${tx.workspace}, ${feedback.agent}, ${feedback.agentType}, ${feedback.kind},
          ${feedback.input}, ${feedback.output}, ${feedback.correction}, ${feedback.comment},
          ${sql.param(feedback.tags)}::text[], ${about.kind}, ${about.id}, ${about.task ?? null}, ${feedback.actor},
          ${feedback.exampleId}, ${source}, ${feedback.createdAt})`,
  )
}

/** Finds feedback by id. */
export async function findFeedback(tx: Tx, id: string): Promise<Feedback | undefined> {
  const row = await rowOf<FeedbackRow>(
    tx,
    sql`select * from learning_feedback where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toFeedback(row)
}

/** A page of feedback as it is read. */
export interface FeedbackList extends FeedbackFilter {
  /** Agents whose feedback the reader may see; null: all of the workspace. */
  readonly only: readonly string[] | null
  readonly before: TimePlace | null
  readonly limit: number
}

/** Lists feedback, newest first; one more than the limit. */
export async function listFeedback(tx: Tx, query: FeedbackList): Promise<readonly Feedback[]> {
  const { agent, agentType, kind, tag, before } = query
  const only = sql.param(query.only)
  const rows = await rowsOf<FeedbackRow>(
    tx,
    sql`select * from learning_feedback where workspace_id = ${tx.workspace}
          and (${agent}::text is null or agent_id = ${agent})
          and (${agentType}::text is null or agent_type = ${agentType})
          and (${kind}::text is null or kind = ${kind})
          and (${tag}::text is null or ${tag} = any(tags))
          and (${only}::text[] is null or agent_id = any(${only}::text[]))
          and (${before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))
        order by created_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toFeedback)
}

/** Finds the workspaces that hold feedback from before a time; for the system role. */
export async function listWithOldFeedback(tx: Tx, before: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select distinct workspace_id from learning_feedback where created_at < ${before}`,
  )
  return rows.map((row) => row.workspace_id)
}

/** Removes the oldest feedback from before a time, at most so many; for the system role. Gives how many. */
export async function deleteOldFeedback(
  tx: Tx,
  { before, limit }: { readonly before: string; readonly limit: number },
): Promise<number> {
  return countOf(
    tx,
    sql`delete from learning_feedback where id in (
          select id from learning_feedback where workspace_id = ${tx.workspace} and created_at < ${before}
          order by created_at limit ${limit})`,
  )
}

function toFeedback(row: FeedbackRow): Feedback {
  return {
    id: row.id,
    agent: row.agent_id,
    agentType: row.agent_type,
    kind: row.kind,
    input: row.input,
    output: row.output,
    correction: row.correction,
    comment: row.comment,
    tags: row.tags,
    about: { kind: row.about_kind, id: row.about_id, ...(row.about_task === null ? {} : { task: row.about_task }) },
    actor: row.actor,
    exampleId: row.example_id,
    createdAt: isoOf(row.created_at),
  }
}
