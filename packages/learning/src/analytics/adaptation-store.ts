import type { Page } from '@preceptor/client'
import { countOf, isoOf, type PluginWork, pageOf, rowOf, rowsOf, type TimePlace, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { Adaptation } from '../client/trainer.ts'
import type { OldestQuery } from '../sessions/session-store.ts'
import type { TriedWay } from '../sessions/stored-session.ts'
import type { AdaptationPlan } from './adaptation-plan.ts'

/** An adaptation as the trainer reads it. */
export interface StoredAdaptation extends Adaptation {
  readonly plan: AdaptationPlan
}

interface AdaptationRow {
  readonly id: string
  readonly agent_type: string
  readonly cause: Adaptation['cause']
  readonly change: string
  readonly plan: AdaptationPlan
  readonly state: Adaptation['state']
  readonly effectiveness: number | null
  readonly sessions: number
  readonly created_at: string
  readonly updated_at: string
}

/** Lets nobody else look at the adaptations of a type until the transaction ends. */
export async function holdAdaptations(tx: Tx, agentType: string): Promise<void> {
  await rowOf(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`adapt ${tx.workspace} ${agentType}`}, 0))`)
}

/** Writes an adaptation, which is in force from then on. */
export async function insertAdaptation(
  tx: Tx,
  adaptation: Pick<StoredAdaptation, 'id' | 'agentType' | 'cause' | 'change' | 'plan' | 'createdAt'>,
): Promise<void> {
  const { id, agentType, cause, change, plan, createdAt } = adaptation
  await countOf(
    tx,
    sql`insert into learning_adaptations (id, workspace_id, agent_type, cause, change, plan, created_at, updated_at)
        values (${id}, ${tx.workspace}, ${agentType}, ${cause}, ${change}, ${JSON.stringify(plan)}::jsonb, ${createdAt},
          ${createdAt})`,
  )
}

/** Notes what is known of an adaptation by now, and what becomes of it; false when it was in another state. */
export async function updateAdaptation(
  tx: Tx,
  { id, state: from }: Pick<StoredAdaptation, 'id' | 'state'>,
  to: {
    readonly state: Adaptation['state'] | 'removed'
    readonly effectiveness: number | null
    readonly sessions: number
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update learning_adaptations set state = ${to.state}, effectiveness = ${to.effectiveness},
          sessions = ${to.sessions}, updated_at = ${to.at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = ${from}`,
  )
  return changed === 1
}

/** The adaptation of a type that is in force. */
export async function findActiveAdaptation(tx: Tx, agentType: string): Promise<StoredAdaptation | undefined> {
  const row = await rowOf<AdaptationRow>(
    tx,
    sql`select * from learning_adaptations
        where workspace_id = ${tx.workspace} and agent_type = ${agentType} and state = 'active'`,
  )
  return row && toAdaptation(row)
}

/** The adaptations of a type that were not removed. */
export async function listKeptAdaptations(tx: Tx, agentType: string): Promise<readonly StoredAdaptation[]> {
  const rows = await rowsOf<AdaptationRow>(
    tx,
    sql`select * from learning_adaptations
        where workspace_id = ${tx.workspace} and agent_type = ${agentType} and state <> 'removed' order by created_at, id`,
  )
  return rows.map(toAdaptation)
}

/** When the last adaptation of a type began, whatever became of it; undefined without one. ISO 8601. */
export async function lastAdaptedAt(tx: Tx, agentType: string): Promise<string | undefined> {
  const row = await rowOf<{ readonly created_at: string }>(
    tx,
    sql`select created_at from learning_adaptations where workspace_id = ${tx.workspace} and agent_type = ${agentType}
        order by created_at desc limit 1`,
  )
  return row && isoOf(row.created_at)
}

/** Reads a page of adaptations that were not removed, newest first. */
export async function listAdaptations(
  tx: Tx,
  query: { readonly agentType: string | null; readonly before: TimePlace | null; readonly limit: number },
): Promise<Page<StoredAdaptation>> {
  const { agentType, before, limit } = query
  const rows = await rowsOf<AdaptationRow>(
    tx,
    sql`select * from learning_adaptations where workspace_id = ${tx.workspace} and state <> 'removed'
          and (${agentType}::text is null or agent_type = ${agentType})
          and (${before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))
        order by created_at desc, id desc limit ${limit + 1}`,
  )
  return pageOf(rows.map(toAdaptation), limit, ({ createdAt, id }) => [createdAt, id])
}

/** Lists adaptations that were not removed, oldest first, up to a time; one more than the limit. */
export async function listOldestAdaptations(
  tx: Tx,
  { agentType, after, until, limit }: OldestQuery,
): Promise<readonly StoredAdaptation[]> {
  const rows = await rowsOf<AdaptationRow>(
    tx,
    sql`select * from learning_adaptations where workspace_id = ${tx.workspace} and state <> 'removed'
          and created_at <= ${until} and (${agentType}::text is null or agent_type = ${agentType})
          and (${after?.at ?? null}::timestamptz is null
            or (created_at, id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::text))
        order by created_at, id limit ${limit + 1}`,
  )
  return rows.map(toAdaptation)
}

/** A scored session, as adaptations look at it. */
export interface ScoredWork {
  readonly improvement: number
  /** Score by criterion of the improved answer. */
  readonly criteria: Readonly<Record<string, number>>
  readonly tried: readonly TriedWay[]
}

/** Reads the last scored sessions of a type that began after a time, oldest first; null: at any time. */
export async function listScoredWork(
  tx: Tx,
  { agentType, since, limit }: { readonly agentType: string; readonly since: string | null; readonly limit: number },
): Promise<readonly ScoredWork[]> {
  const rows = await rowsOf<Omit<ScoredWork, 'criteria'> & { readonly criteria: ScoredWork['criteria'] | null }>(
    tx,
    sql`select improvement, after->'criteria' as criteria, tried from learning_sessions
        where workspace_id = ${tx.workspace} and agent_type = ${agentType} and improvement is not null
          and ended_at is not null and (${since}::timestamptz is null or started_at > ${since}::timestamptz)
        order by ended_at desc, id desc limit ${limit}`,
  )
  return rows.map((row) => ({ ...row, criteria: row.criteria ?? {} })).reverse()
}

/** The improvements of the sessions that used an adaptation. */
export async function improvementsBy(tx: Tx, adaptation: string): Promise<readonly number[]> {
  const rows = await rowsOf<{ readonly improvement: number }>(
    tx,
    sql`select improvement from learning_sessions where workspace_id = ${tx.workspace}
          and adaptation_id = ${adaptation} and improvement is not null order by ended_at, id`,
  )
  return rows.map(({ improvement }) => improvement)
}

/** What people corrected most often in the answers of a type. */
export async function frequentTags(
  tx: Tx,
  { agentType, limit }: { readonly agentType: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly tag: string }>(
    tx,
    sql`select tag from learning_examples, unnest(tags) as tag
        where workspace_id = ${tx.workspace} and agent_type = ${agentType} and not is_held_out
        group by tag order by sum(occurrences) desc, tag limit ${limit}`,
  )
  return rows.map(({ tag }) => tag)
}

/** Notes that the adaptations of a type were looked at since its sessions ended. */
export async function countSessions(tx: Tx, agentType: string): Promise<void> {
  await countOf(
    tx,
    sql`update learning_sessions set is_counted = true where workspace_id = ${tx.workspace} and agent_type = ${agentType}
          and state = 'completed' and not is_counted`,
  )
}

/** Finds the types whose adaptations must be looked at, over all workspaces; `id` is the agent type. */
export async function findUncounted(
  tx: Tx,
  { startedBefore }: { readonly startedBefore: string },
): Promise<readonly PluginWork[]> {
  return rowsOf(
    tx,
    sql`select workspace_id as workspace, agent_type as id from learning_sessions
        where state = 'completed' and not is_counted
        union select workspace_id, agent_type from learning_adaptations
        where state <> 'removed' and created_at <= ${startedBefore} limit 500`,
  )
}

function toAdaptation(row: AdaptationRow): StoredAdaptation {
  return {
    id: row.id,
    agentType: row.agent_type,
    cause: row.cause,
    change: row.change,
    plan: row.plan,
    state: row.state,
    effectiveness: row.effectiveness,
    sessions: row.sessions,
    createdAt: isoOf(row.created_at),
    updatedAt: isoOf(row.updated_at),
  }
}

/** An adaptation as it is shown. */
export function shownAdaptation({ plan: _, ...adaptation }: StoredAdaptation): Adaptation {
  return adaptation
}
