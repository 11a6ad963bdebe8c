import { countOf, isoOf, type PluginWork, rowOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { Prediction } from '../client/trainer.ts'
import type { OldestQuery } from '../sessions/session-store.ts'
import type { ScoredSession } from './prediction.ts'

type Predicted = Extract<Prediction, { readonly state: 'predicted' }>

/** A prediction as it was made, and what came of it. */
export interface StoredPrediction {
  /** As it is shown. */
  readonly shown: Predicted
  /** How many next sessions it speaks of. */
  readonly sessions: number
  readonly state: 'open' | 'hit' | 'missed' | 'nothing_came'
  /** Points; null until it was judged. */
  readonly came: number | null
  readonly settledAt: string | null
}

interface PredictionRow {
  readonly id: string
  readonly agent_type: string
  readonly mean: number
  readonly low: number
  readonly high: number
  readonly level: number
  readonly direction: Predicted['direction']
  readonly sessions: number
  readonly factors: Predicted['factors']
  readonly recommendations: readonly string[]
  readonly made_at: string
  readonly until_at: string
  readonly state: StoredPrediction['state']
  readonly came: number | null
  readonly settled_at: string | null
}

export async function insertPrediction(
  tx: Tx,
  { shown, sessions }: Pick<StoredPrediction, 'shown' | 'sessions'>,
): Promise<void> {
  const [low, high] = shown.interval
  await countOf(
    tx,
    sql`insert into learning_predictions (id, workspace_id, agent_type, mean, low, high, level, direction, sessions,
          factors, recommendations, made_at, until_at)
        values (${shown.id}, ${tx.workspace}, ${shown.agentType}, ${shown.mean}, ${low}, ${high}, ${shown.level},
          ${shown.direction}, ${sessions}, ${JSON.stringify(shown.factors)}::jsonb,
          ${JSON.stringify(shown.recommendations)}::jsonb, ${shown.createdAt}, ${shown.until})`,
  )
}

/** Reads the last scored sessions of a type, oldest first. */
export async function listScored(
  tx: Tx,
  { agentType, limit }: { readonly agentType: string; readonly limit: number },
): Promise<readonly ScoredSession[]> {
  const rows = await rowsOf<{ readonly improvement: number; readonly ended_at: string }>(
    tx,
    sql`select improvement, ended_at from learning_sessions
        where workspace_id = ${tx.workspace} and agent_type = ${agentType} and improvement is not null
          and ended_at is not null
        order by ended_at desc, id desc limit ${limit}`,
  )
  return rows.map(toScored).reverse()
}

/** Reads the first scored sessions of a type after a time, up to another one, oldest first. */
export async function listScoredAfter(
  tx: Tx,
  { agentType, after, until, limit }: { agentType: string; after: string; until: string; limit: number },
): Promise<readonly ScoredSession[]> {
  const rows = await rowsOf<{ readonly improvement: number; readonly ended_at: string }>(
    tx,
    sql`select improvement, ended_at from learning_sessions
        where workspace_id = ${tx.workspace} and agent_type = ${agentType} and improvement is not null
          and ended_at > ${after} and ended_at <= ${until}
        order by ended_at, id limit ${limit}`,
  )
  return rows.map(toScored)
}

/** The last prediction of a type, where no session was scored since it was made. */
export async function findCurrentPrediction(
  tx: Tx,
  { agentType, after }: { readonly agentType: string; readonly after: string },
): Promise<StoredPrediction | undefined> {
  const row = await rowOf<PredictionRow>(
    tx,
    sql`select p.* from learning_predictions p
        where p.workspace_id = ${tx.workspace} and p.agent_type = ${agentType} and p.state = 'open'
          and p.made_at > ${after} and not exists (
            select from learning_sessions s where s.workspace_id = ${tx.workspace} and s.agent_type = ${agentType}
              and s.improvement is not null and s.ended_at >= p.made_at)
        order by p.made_at desc, p.id desc limit 1`,
  )
  return row && toPrediction(row)
}

export async function findPrediction(tx: Tx, id: string): Promise<StoredPrediction | undefined> {
  const row = await rowOf<PredictionRow>(
    tx,
    sql`select * from learning_predictions where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toPrediction(row)
}

/** Settles a prediction; false when it was settled before. `judgedTo`: the end of the sessions that it was judged by. */
export async function settlePrediction(
  tx: Tx,
  id: string,
  to: {
    readonly state: 'hit' | 'missed' | 'nothing_came'
    readonly came: number | null
    readonly judgedTo: string | null
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update learning_predictions set state = ${to.state}, came = ${to.came}, judged_to = ${to.judgedTo},
          settled_at = ${to.at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'open'`,
  )
  return changed === 1
}

/** Finds predictions whose sessions came or whose time has passed, over all workspaces. */
export async function findDuePredictions(tx: Tx, at: string): Promise<readonly PluginWork[]> {
  return rowsOf(
    tx,
    sql`select p.workspace_id as workspace, p.id from learning_predictions p
        where p.state = 'open' and (p.until_at <= ${at} or p.sessions <= (
          select count(*) from learning_sessions s where s.workspace_id = p.workspace_id and s.agent_type = p.agent_type
            and s.improvement is not null and s.ended_at > p.made_at and s.ended_at <= least(p.until_at, ${at}::timestamptz)))
        order by p.made_at limit 500`,
  )
}

/** A prediction that was judged. */
export interface JudgedRow {
  readonly agentType: string
  readonly low: number
  readonly high: number
  readonly level: number
  readonly came: number
  /** ISO 8601. */
  readonly madeAt: string
  readonly judgedTo: string
}

/** Lists the last predictions that were judged, the newest first. */
export async function listJudged(tx: Tx, limit: number): Promise<readonly JudgedRow[]> {
  const rows = await rowsOf<{
    readonly agent_type: string
    readonly low: number
    readonly high: number
    readonly level: number
    readonly came: number
    readonly made_at: string
    readonly judged_to: string
  }>(
    tx,
    sql`select agent_type, low, high, level, came, made_at, judged_to from learning_predictions
        where workspace_id = ${tx.workspace} and state in ('hit', 'missed') order by made_at desc, id desc limit ${limit}`,
  )
  return rows.map(({ agent_type, made_at, judged_to, ...row }) => ({
    ...row,
    agentType: agent_type,
    madeAt: isoOf(made_at),
    judgedTo: isoOf(judged_to),
  }))
}

/** Lists predictions, oldest first, up to a time; one more than the limit. */
export async function listOldestPredictions(
  tx: Tx,
  { agentType, after, until, limit }: OldestQuery,
): Promise<readonly StoredPrediction[]> {
  const rows = await rowsOf<PredictionRow>(
    tx,
    sql`select * from learning_predictions where workspace_id = ${tx.workspace} and made_at <= ${until}
          and (${agentType}::text is null or agent_type = ${agentType})
          and (${after?.at ?? null}::timestamptz is null
            or (made_at, id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::text))
        order by made_at, id limit ${limit + 1}`,
  )
  return rows.map(toPrediction)
}

function toScored(row: { readonly improvement: number; readonly ended_at: string }): ScoredSession {
  return { improvement: row.improvement, at: Date.parse(isoOf(row.ended_at)) }
}

function toPrediction(row: PredictionRow): StoredPrediction {
  return {
    shown: {
      state: 'predicted',
      id: row.id,
      agentType: row.agent_type,
      mean: row.mean,
      interval: [row.low, row.high],
      level: row.level,
      direction: row.direction,
      factors: row.factors,
      recommendations: row.recommendations,
      until: isoOf(row.until_at),
      createdAt: isoOf(row.made_at),
    },
    sessions: row.sessions,
    state: row.state,
    came: row.came,
    settledAt: isoOf(row.settled_at),
  }
}
