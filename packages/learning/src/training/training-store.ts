import type { Page } from '@preceptor/client'
import { countOf, isoOf, pageOf, rowOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { PairedResult, TrainingRun } from '../client/training.ts'
import type { DeploymentPlan } from '../ports/training-ports.ts'
import type { TypePage } from '../type-page.ts'

/** A training run as its worker sees it. */
export interface StoredRun extends TrainingRun {
  readonly phase: 'pending' | 'writing' | 'testing' | 'completed' | 'failed'
  readonly deploy: DeploymentPlan | null
  readonly against: number | null
  readonly attempts: number
}

interface RunRow {
  readonly id: string
  readonly agent_type: string
  readonly cause: TrainingRun['cause']
  readonly state: StoredRun['phase']
  readonly deploy: DeploymentPlan | null
  readonly examples: number
  readonly playbook_id: string | null
  readonly version: number | null
  readonly against: number | null
  readonly test: PairedResult | null
  readonly deployment: TrainingRun['deployment']
  readonly failure: string | null
  readonly attempts: number
  readonly actor: string
  readonly created_at: string
  readonly ended_at: string | null
}

/** Writes a run unless one of the type has not ended; false when there is one. */
export async function insertRun(
  tx: Tx,
  run: Pick<StoredRun, 'id' | 'agentType' | 'cause' | 'deploy' | 'actor' | 'createdAt'>,
): Promise<boolean> {
  const deploy = run.deploy === null ? null : JSON.stringify(run.deploy)
  const changed = await countOf(
    tx,
    sql`insert into training_runs (id, workspace_id, agent_type, cause, deploy, actor, created_at)
        values (${run.id}, ${tx.workspace}, ${run.agentType}, ${run.cause}, ${deploy}::jsonb, ${run.actor}, ${run.createdAt})
        on conflict (workspace_id, agent_type) where state in ('pending', 'writing', 'testing') do nothing`,
  )
  return changed === 1
}

/** When the last run of a type was begun; undefined without one. ISO 8601. */
export async function lastRunAt(tx: Tx, agentType: string): Promise<string | undefined> {
  const row = await rowOf<{ readonly created_at: string }>(
    tx,
    sql`select created_at from training_runs where workspace_id = ${tx.workspace} and agent_type = ${agentType}
        order by created_at desc, id desc limit 1`,
  )
  return row && isoOf(row.created_at)
}

/** Lets nobody else begin a run of a type until the transaction ends. */
export async function holdType(tx: Tx, agentType: string): Promise<void> {
  await rowOf(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`training ${tx.workspace} ${agentType}`}, 0))`)
}

/** Claims the writing of a run until a time; undefined where it is past that, or somebody holds it. */
export async function claimWriting(
  tx: Tx,
  id: string,
  { at, until }: { readonly at: string; readonly until: string },
): Promise<StoredRun | undefined> {
  const row = await rowOf<RunRow>(
    tx,
    sql`update training_runs set state = 'writing', lease_expires_at = ${until}, attempts = attempts + 1
        where workspace_id = ${tx.workspace} and id = ${id}
          and (state = 'pending' or state = 'writing' and lease_expires_at < ${at}) returning *`,
  )
  return row && toRun(row)
}

/** Moves a run from writing to its test, as whoever claimed it so often. */
export async function beginTest(
  tx: Tx,
  { id, attempts }: Pick<StoredRun, 'id' | 'attempts'>,
  written: {
    readonly playbook: string
    readonly version: number
    readonly against: number | null
    readonly examples: number
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update training_runs set state = 'testing', lease_expires_at = null, playbook_id = ${written.playbook},
          version = ${written.version}, against = ${written.against}, examples = ${written.examples}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'writing' and attempts = ${attempts}`,
  )
  return changed === 1
}

/** Completes a run whose test has ended. */
export async function completeRun(
  tx: Tx,
  id: string,
  end: { readonly test: PairedResult | null; readonly deployment: TrainingRun['deployment']; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update training_runs set state = 'completed', test = ${end.test === null ? null : JSON.stringify(end.test)}::jsonb,
          deployment = ${JSON.stringify(end.deployment)}::jsonb, ended_at = ${end.at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'testing'`,
  )
  return changed === 1
}

/** Fails a run that could not be written, as whoever claimed it so often. */
export async function failWriting(
  tx: Tx,
  { id, attempts }: Pick<StoredRun, 'id' | 'attempts'>,
  { failure, at }: { readonly failure: string; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update training_runs set state = 'failed', failure = ${failure}, ended_at = ${at}, lease_expires_at = null
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'writing' and attempts = ${attempts}`,
  )
  return changed === 1
}

/** Reads a run and holds it until the transaction ends. */
export async function holdRun(tx: Tx, id: string): Promise<StoredRun | undefined> {
  const row = await rowOf<RunRow>(
    tx,
    sql`select * from training_runs where workspace_id = ${tx.workspace} and id = ${id} for update`,
  )
  return row && toRun(row)
}

export async function findRun(tx: Tx, id: string): Promise<StoredRun | undefined> {
  const row = await rowOf<RunRow>(
    tx,
    sql`select * from training_runs where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toRun(row)
}

/** Reads a page of runs, newest first. */
export async function listRuns(tx: Tx, query: TypePage): Promise<Page<StoredRun>> {
  const { agentType, before, limit } = query
  const rows = await rowsOf<RunRow>(
    tx,
    sql`select * from training_runs where workspace_id = ${tx.workspace}
          and (${agentType}::text is null or agent_type = ${agentType})
          and (${before === null} or (created_at, id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))
        order by created_at desc, id desc limit ${limit + 1}`,
  )
  return pageOf(rows.map(toRun), limit, ({ createdAt, id }) => [createdAt, id])
}

interface RunWork {
  readonly workspace: string
  readonly id: string
}

/** Finds runs to be written, over all workspaces. */
export async function findUnwritten(tx: Tx, at: string): Promise<readonly RunWork[]> {
  return rowsOf(
    tx,
    sql`select workspace_id as workspace, id from training_runs
        where state = 'pending' or state = 'writing' and lease_expires_at < ${at} order by created_at limit 100`,
  )
}

/** Finds runs whose trials have all ended, over all workspaces. */
export async function findTested(tx: Tx): Promise<readonly RunWork[]> {
  return rowsOf(
    tx,
    sql`select r.workspace_id as workspace, r.id from training_runs r where r.state = 'testing' and not exists (
          select from learning_trials t where t.training_run_id = r.id and t.state = 'open')
        order by r.created_at limit 100`,
  )
}

const SHOWN = {
  pending: 'pending',
  writing: 'running',
  testing: 'running',
  completed: 'completed',
  failed: 'failed',
} as const

function toRun(row: RunRow): StoredRun {
  return {
    id: row.id,
    agentType: row.agent_type,
    state: SHOWN[row.state],
    phase: row.state,
    cause: row.cause,
    deploy: row.deploy,
    examples: row.examples,
    playbook: row.playbook_id === null || row.version === null ? null : { id: row.playbook_id, version: row.version },
    against: row.against,
    test: row.test,
    deployment: row.deployment,
    failure: row.failure,
    attempts: row.attempts,
    actor: row.actor,
    createdAt: isoOf(row.created_at),
    endedAt: isoOf(row.ended_at),
  }
}

/** A run as it is shown. */
export function shownRun({ phase: _, deploy: __, against: ___, attempts: ____, ...run }: StoredRun): TrainingRun {
  return run
}
