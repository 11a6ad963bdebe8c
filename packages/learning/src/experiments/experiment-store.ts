import type { Page } from '@preceptor/client'
import { countOf, isoOf, pageOf, rowOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { Experiment, ExperimentSubject } from '../client/training.ts'
import type { TypePage } from '../type-page.ts'

interface ExperimentRow {
  readonly id: string
  readonly agent_type: string
  readonly subject: ExperimentSubject
  readonly state: Experiment['state']
  readonly winner: Experiment['winner']
  readonly runs: number
  readonly most_runs: number
  readonly evidence: number
  readonly alpha: number
  readonly mean_a: number | null
  readonly mean_b: number | null
  readonly reason: string | null
  readonly actor: string
  readonly created_at: string
  readonly ended_at: string | null
}

/** How far an experiment has come. */
export type ExperimentProgress = Pick<Experiment, 'runs' | 'evidence' | 'meanA' | 'meanB'>

export async function insertExperiment(
  tx: Tx,
  experiment: Pick<Experiment, 'id' | 'agentType' | 'subject' | 'mostRuns' | 'alpha' | 'actor' | 'createdAt'>,
): Promise<void> {
  const { id, agentType, subject, mostRuns, alpha, actor, createdAt } = experiment
  await countOf(
    tx,
    sql`insert into learning_experiments (id, workspace_id, agent_type, subject, most_runs, alpha, actor, created_at)
        values (${id}, ${tx.workspace}, ${agentType}, ${JSON.stringify(subject)}::jsonb, ${mostRuns}, ${alpha}, ${actor},
          ${createdAt})`,
  )
}

/** Notes how far a running experiment has come. */
export async function noteProgress(tx: Tx, id: string, progress: ExperimentProgress): Promise<boolean> {
  const { runs, evidence, meanA, meanB } = progress
  const changed = await countOf(
    tx,
    sql`update learning_experiments set runs = ${runs}, evidence = ${evidence}, mean_a = ${meanA}, mean_b = ${meanB}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'running'`,
  )
  return changed === 1
}

/** Ends a running experiment. */
export async function endExperiment(
  tx: Tx,
  id: string,
  end: {
    readonly state: Exclude<Experiment['state'], 'running'>
    readonly winner: Experiment['winner']
    readonly reason: string
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update learning_experiments set state = ${end.state}, winner = ${end.winner}, reason = ${end.reason},
          ended_at = ${end.at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'running'`,
  )
  return changed === 1
}

/** Reads an experiment and holds it until the transaction ends. */
export async function holdExperiment(tx: Tx, id: string): Promise<Experiment | undefined> {
  const row = await rowOf<ExperimentRow>(
    tx,
    sql`select * from learning_experiments where workspace_id = ${tx.workspace} and id = ${id} for update`,
  )
  return row && toExperiment(row)
}

export async function findExperiment(tx: Tx, id: string): Promise<Experiment | undefined> {
  const row = await rowOf<ExperimentRow>(
    tx,
    sql`select * from learning_experiments where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toExperiment(row)
}

/** Reads a page of experiments, newest first. */
export async function listExperiments(tx: Tx, query: TypePage): Promise<Page<Experiment>> {
  const { agentType, before, limit } = query
  const rows = await rowsOf<ExperimentRow>(
    tx,
    sql`select * from learning_experiments where workspace_id = ${tx.workspace}
          and (${agentType}::text is null or agent_type = ${agentType})
          and (${before === null} or (created_at, id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))
        order by created_at desc, id desc limit ${limit + 1}`,
  )
  return pageOf(rows.map(toExperiment), limit, ({ createdAt, id }) => [createdAt, id])
}

/** Finds running experiments of which every trial has ended, over all workspaces. */
export async function findFinished(tx: Tx): Promise<readonly { readonly workspace: string; readonly id: string }[]> {
  return rowsOf(
    tx,
    sql`select e.workspace_id as workspace, e.id from learning_experiments e where e.state = 'running' and not exists (
          select from learning_trials t where t.experiment_id = e.id and t.state = 'open')
        order by e.created_at limit 100`,
  )
}

function toExperiment(row: ExperimentRow): Experiment {
  return {
    id: row.id,
    agentType: row.agent_type,
    subject: row.subject,
    state: row.state,
    winner: row.winner,
    runs: row.runs,
    mostRuns: row.most_runs,
    evidence: row.evidence,
    alpha: row.alpha,
    meanA: row.mean_a,
    meanB: row.mean_b,
    reason: row.reason,
    actor: row.actor,
    createdAt: isoOf(row.created_at),
    endedAt: isoOf(row.ended_at),
  }
}
