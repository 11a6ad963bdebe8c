import type { AgentReview, ArgChange, JsonObject, JsonValue, ReviewVerdict, Risk } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'

/** A review that is begun. */
export interface NewReview {
  readonly id: string
  readonly kind: AgentReview['kind']
  readonly proposalId: string | null
  readonly version: number | null
  /** The step that it is about, as often corrected. */
  readonly step?: { readonly session: string; readonly id: string; readonly corrections: number }
  readonly agent: string
  readonly action: string
  readonly resource: string | null
  readonly risk: Risk
  readonly actionHash: string
  readonly reviewer: string
  readonly by: string
  readonly askedBy: string
  /** Length of what the reviewer is asked. */
  readonly characters: number
  readonly at: string
}

/** Writes a review as asked. */
export async function insertAgentReview(tx: Tx, review: NewReview): Promise<void> {
  await countOf(
    tx,
    sql`insert into reviews (id, workspace_id, kind, proposal_id, version, agent_id, action, resource, risk, action_hash,
          reviewer_id, made_by, asked_by, session_id, step_id, corrections, state, characters, created_at)
        values (${review.id}, ${tx.workspace}, ${review.kind}, ${review.proposalId}, ${review.version}, ${review.agent},
          ${review.action}, ${review.resource}, ${review.risk}, ${review.actionHash}, ${review.reviewer}, ${review.by},
          ${review.askedBy}, ${review.step?.session ?? null}, ${review.step?.id ?? null},
          ${review.step?.corrections ?? null}, 'asked', ${review.characters}, ${review.at})`,
  )
}

/** Other args, as the action takes them; what its schema hides is masked. */
export interface ReviewSuggestion {
  readonly args: JsonObject
  /** At least one. */
  readonly changes: readonly ArgChange[]
}

/** What came of a review. */
export interface ReviewEnd {
  readonly id: string
  readonly verdict: ReviewVerdict
  readonly reasons: readonly string[]
  readonly effect: 'approved' | 'rejected' | 'none'
  readonly note: string | null
  readonly isSampled: boolean
  readonly isFault: boolean
  readonly suggestion?: ReviewSuggestion | null
  readonly at: string
}

/** Completes a review, once; undefined when it is completed. */
export async function completeAgentReview(tx: Tx, end: ReviewEnd): Promise<AgentReview | undefined> {
  const row = await rowOf<ReviewRow>(
    tx,
    sql`update reviews set state = 'completed', verdict = ${end.verdict}, reasons = ${sql.param(end.reasons)}::text[],
          effect = ${end.effect}, note = ${end.note}, is_sampled = ${end.isSampled}::boolean,
          is_fault = ${end.isFault}::boolean, completed_at = ${end.at},
          suggested_args = ${end.suggestion == null ? null : JSON.stringify(end.suggestion.args)}::jsonb,
          suggestions = ${JSON.stringify(end.suggestion?.changes ?? [])}::jsonb
        where workspace_id = ${tx.workspace} and id = ${end.id} and state = 'asked' returning *`,
  )
  return row && toReview(row)
}

interface ReviewRow {
  readonly id: string
  readonly kind: AgentReview['kind']
  readonly proposal_id: string | null
  readonly version: number | null
  readonly session_id: string | null
  readonly step_id: string | null
  readonly agent_id: string
  readonly action: string
  readonly risk: Risk
  readonly action_hash: string
  readonly reviewer_id: string
  readonly made_by: string
  readonly asked_by: string
  readonly state: 'asked' | 'completed'
  readonly verdict: ReviewVerdict | null
  readonly reasons: readonly string[]
  readonly effect: AgentReview['effect']
  readonly note: string | null
  readonly is_sampled: boolean
  readonly is_fault: boolean
  readonly suggested_args: JsonObject | null
  readonly suggestions: readonly ArgChange[]
  readonly created_at: string
  readonly completed_at: string | null
}

/** Finds a review by id. */
export async function findAgentReview(tx: Tx, id: string): Promise<AgentReview | undefined> {
  const row = await rowOf<ReviewRow>(tx, sql`select * from reviews where workspace_id = ${tx.workspace} and id = ${id}`)
  return row && toReview(row)
}

/** Finds the review of a version. */
export async function findReviewOf(
  tx: Tx,
  { id, version }: { readonly id: string; readonly version: number },
): Promise<AgentReview | undefined> {
  const row = await rowOf<ReviewRow>(
    tx,
    sql`select * from reviews where workspace_id = ${tx.workspace} and proposal_id = ${id} and version = ${version}`,
  )
  return row && toReview(row)
}

/** The agents that edited a proposal: none of them judges it. */
export async function listEditors(tx: Tx, id: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly editor: string }>(
    tx,
    sql`select distinct substr(created_by, 7) as editor from proposal_versions
        where workspace_id = ${tx.workspace} and proposal_id = ${id} and version > 1 and created_by like 'agent:%'`,
  )
  return rows.map(({ editor }) => editor)
}

/** What becomes another version again and again is for people: reviewers look at so many versions of a proposal. */
export const MOST_VERSIONS = 3

/** How many versions of a proposal reviewers have looked at. */
export async function countReviewsOf(tx: Tx, id: string): Promise<number> {
  const row = await rowOf<{ readonly reviews: string }>(
    tx,
    sql`select count(*) as reviews from reviews where workspace_id = ${tx.workspace} and proposal_id = ${id}`,
  )
  return Number(row?.reviews ?? 0)
}

/** Reads a page of reviews, newest first, one more than the limit. */
export async function listAgentReviews(tx: Tx, query: RecordListQuery): Promise<readonly AgentReview[]> {
  const rows = await rowsOf<ReviewRow>(
    tx,
    sql`select * from reviews where workspace_id = ${tx.workspace}
          and (${query.agent}::text is null or agent_id = ${query.agent})
          and (${sql.param(query.only)}::text[] is null or agent_id = any(${sql.param(query.only)}::text[]))
          and (${query.state}::text is null or state = ${query.state} or (${query.state} = 'active' and state = 'asked')
            or (${query.state} = 'to_rate' and kind = 'step' and is_sampled and exists (
              select from supervision_sessions w where w.id = session_id and w.rating is null
                and (w.state = 'completed' or w.ended_at is null))))
          and (${query.before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by created_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toReview)
}

/** Lists pending proposals of safe and medium risk that no reviewer has looked at, the oldest first. */
export async function listUnreviewed(
  tx: Tx,
  query: { readonly at: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly id: string }>(
    tx,
    sql`select p.id from proposals p
        where p.workspace_id = ${tx.workspace} and p.state = 'pending' and p.expires_at > ${query.at}
          and p.risk in ('safe', 'medium')
          and not exists (select from reviews v where v.proposal_id = p.id and v.version = p.version)
          and (select count(*) from reviews v where v.proposal_id = p.id) < ${MOST_VERSIONS}
        order by p.created_at, p.id limit ${query.limit}`,
  )
  return rows.map(({ id }) => id)
}

/** Which approvals count towards a limit. */
export interface ApprovedQuery {
  readonly since: string
  readonly agent: string | null
  readonly action: string | null
  /** Null: any. */
  readonly resource: string | null
  readonly target: { readonly name: string; readonly value: JsonValue } | null
  readonly spend: string | null
}

/** What was approved: the version of a proposal, or the step of a run. */
const ARGS: SQL = sql.raw('coalesce(v.args, s.corrected_args, s.args)')

/** Counts what reviewers approved by themselves, and sums an argument over it. */
export async function readApproved(
  tx: Tx,
  query: ApprovedQuery,
): Promise<{ readonly uses: number; readonly spent: number }> {
  const target: SQL =
    query.target === null
      ? sql`true`
      : sql`${ARGS} -> ${query.target.name} = ${JSON.stringify(query.target.value)}::jsonb`
  const spent: SQL =
    query.spend === null
      ? sql`0`
      : sql`coalesce(sum((${ARGS} ->> ${query.spend})::numeric) filter (where jsonb_typeof(${ARGS} -> ${query.spend}) = 'number'), 0)`
  const row = await rowOf<{ readonly uses: string; readonly spent: string }>(
    tx,
    sql`select count(*) as uses, ${spent} as spent
        from reviews r left join proposal_versions v on v.proposal_id = r.proposal_id and v.version = r.version
          left join session_steps s on s.id = r.step_id
        where r.workspace_id = ${tx.workspace} and r.effect = 'approved' and r.completed_at > ${query.since}
          and (${query.agent}::text is null or r.agent_id = ${query.agent})
          and (${query.action}::text is null or r.action = ${query.action})
          and (${query.resource}::text is null or r.resource = ${query.resource}) and ${target}`,
  )
  return { uses: Number(row?.uses ?? 0), spent: Number(row?.spent ?? 0) }
}

function toReview(row: ReviewRow): AgentReview {
  return {
    id: row.id,
    kind: row.kind,
    proposalId: row.proposal_id,
    version: row.version,
    sessionId: row.session_id,
    stepId: row.step_id,
    agent: row.agent_id,
    action: row.action,
    risk: row.risk,
    actionHash: row.action_hash,
    reviewer: row.reviewer_id,
    by: row.made_by,
    askedBy: row.asked_by,
    state: row.state,
    verdict: row.verdict,
    reasons: row.reasons,
    effect: row.effect,
    note: row.note,
    isSampled: row.is_sampled,
    isFault: row.is_fault,
    suggestedArgs: row.suggested_args,
    suggestions: row.suggestions,
    createdAt: isoOf(row.created_at),
    completedAt: isoOf(row.completed_at),
  }
}
