import { rowOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { AgentMetrics, FeedbackKind } from '../client/feedback.ts'
import type { CorrectionFact } from './detect-opportunities.ts'
import type { TagCount } from './insights-of.ts'
import type { KindCount } from './metrics.ts'

/** An agent over a time; ISO 8601, the end not in it. */
export interface AgentSpan {
  readonly agent: string
  readonly from: string
  readonly to: string
}

/** Counts the feedback on an agent by kind, in the earlier and the later half of a time. */
export async function countByKind(
  tx: Tx,
  { agent, from, to, middle }: AgentSpan & { readonly middle: string },
): Promise<readonly KindCount[]> {
  const rows = await rowsOf<{ readonly kind: FeedbackKind; readonly is_later: boolean; readonly count: string }>(
    tx,
    sql`select kind, created_at >= ${middle}::timestamptz as is_later, count(*) as count from learning_feedback
        where workspace_id = ${tx.workspace} and agent_id = ${agent} and created_at >= ${from} and created_at < ${to}
        group by 1, 2`,
  )
  return rows.map((row) => ({ kind: row.kind, isLater: row.is_later, count: Number(row.count) }))
}

/** Counts the tags of negative feedback and of corrections of an agent. */
export async function countIssues(tx: Tx, { agent, from, to }: AgentSpan): Promise<readonly TagCount[]> {
  const rows = await rowsOf<{ readonly tag: string; readonly count: string }>(
    tx,
    sql`select tag, count(*) as count from learning_feedback, unnest(tags) as tag
        where workspace_id = ${tx.workspace} and agent_id = ${agent} and created_at >= ${from} and created_at < ${to}
          and kind in ('negative', 'correction')
        group by tag order by count(*) desc, tag limit 10`,
  )
  return rows.map(({ tag, count }) => ({ tag, count: Number(count) }))
}

/** How long the runs of an agent took that ended in a time, from the decision on; null where none did. */
export async function readResponseTime(
  tx: Tx,
  { agent, from, to }: AgentSpan,
): Promise<AgentMetrics['responseTimeMs']> {
  const row = await rowOf<{ readonly runs: string; readonly mean: number | null; readonly p95: number | null }>(
    tx,
    sql`select count(*) as runs, avg(ms)::float8 as mean,
          (percentile_disc(0.95) within group (order by ms))::float8 as p95
        from (
          select greatest(0, extract(epoch from e.settled_at - j.recorded_at) * 1000) as ms
          from executions e join journal j on j.workspace_id = e.workspace_id and j.subject_id = e.decision_id
            and j.kind = 'decision.made'
          where e.workspace_id = ${tx.workspace} and e.agent_id = ${agent} and e.state in ('succeeded', 'failed')
            and e.settled_at >= ${from} and e.settled_at < ${to}) as ended`,
  )
  const { runs = '0', mean = null, p95 = null } = row ?? {}
  return mean === null || p95 === null ? null : { mean, p95, runs: Number(runs) }
}

/** Which corrections are looked at. */
export interface CorrectionQuery {
  readonly agent: string | null
  readonly agentType: string | null
  readonly from: string
  readonly limit: number
}

/** Lists the latest corrections, newest first. */
export async function listCorrections(tx: Tx, query: CorrectionQuery): Promise<readonly CorrectionFact[]> {
  const { agent, agentType, from, limit } = query
  const rows = await rowsOf<{
    readonly agent_type: string
    readonly example_id: string
    readonly tags: readonly string[]
    readonly input: string
    readonly correction: string
    readonly created_at: string
  }>(
    tx,
    sql`select agent_type, example_id, tags, input, correction, created_at from learning_feedback
        where workspace_id = ${tx.workspace} and kind = 'correction' and created_at >= ${from}
          and (${agent}::text is null or agent_id = ${agent})
          and (${agentType}::text is null or agent_type = ${agentType})
        order by created_at desc, id desc limit ${limit}`,
  )
  return rows.map(({ tags, input, correction, ...row }) => ({
    agentType: row.agent_type,
    example: row.example_id,
    tags,
    input,
    correction,
    at: Date.parse(row.created_at),
  }))
}
