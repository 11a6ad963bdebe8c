import { countOf, rowOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { Trial, TrialOwner } from './trial.ts'

interface TrialRow {
  readonly id: string
  readonly training_run_id: string | null
  readonly experiment_id: string | null
  readonly position: number
  readonly example_id: string
  readonly state: Trial['state']
  readonly score_a: number | null
  readonly score_b: number | null
  readonly attempts: number
}

/** Writes the trials of an owner, in the order in which their results count. */
export async function insertTrials(
  tx: Tx,
  owner: TrialOwner,
  trials: readonly { readonly id: string; readonly exampleId: string }[],
): Promise<void> {
  const run = owner.kind === 'training_run' ? owner.id : null
  const experiment = owner.kind === 'experiment' ? owner.id : null
  const rows = trials.map(({ id, exampleId }, index) => ({ id, example: exampleId, position: index + 1 }))
  await countOf(
    tx,
    sql`insert into learning_trials (id, workspace_id, training_run_id, experiment_id, position, example_id)
        select one->>'id', ${tx.workspace}, ${run}, ${experiment}, (one->>'position')::integer, one->>'example'
        from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) one`,
  )
}

/** Claims an open trial until a time, unless somebody holds it; undefined where there is nothing to claim. */
export async function claimTrial(
  tx: Tx,
  id: string,
  { at, until }: { readonly at: string; readonly until: string },
): Promise<Trial | undefined> {
  const row = await rowOf<TrialRow>(
    tx,
    sql`update learning_trials set lease_expires_at = ${until}, attempts = attempts + 1
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'open'
          and (lease_expires_at is null or lease_expires_at < ${at}) returning *`,
  )
  return row && toTrial(row)
}

/** Ends a trial as whoever claimed it so often; false when somebody else claimed it since, or it has ended. */
export async function endTrial(
  tx: Tx,
  { id, attempts }: Pick<Trial, 'id' | 'attempts'>,
  end: {
    readonly scores: { readonly a: number; readonly b: number } | null
    readonly reason: string | null
    readonly at: string
  },
): Promise<boolean> {
  const { scores, reason, at } = end
  const changed = await countOf(
    tx,
    sql`update learning_trials set state = ${scores === null ? 'unscored' : 'scored'}, score_a = ${scores?.a ?? null},
          score_b = ${scores?.b ?? null}, reason = ${reason}, ended_at = ${at}, lease_expires_at = null
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'open' and attempts = ${attempts}`,
  )
  return changed === 1
}

/** Gives a trial back that could not be scored this time, to be tried again after a time. */
export async function giveBackTrial(
  tx: Tx,
  { id, attempts }: Pick<Trial, 'id' | 'attempts'>,
  { reason, until }: { readonly reason: string; readonly until: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update learning_trials set reason = ${reason}, lease_expires_at = ${until}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'open' and attempts = ${attempts}`,
  )
  return changed === 1
}

/** Ends the trials of an owner that are not needed any more. */
export async function skipTrials(tx: Tx, owner: TrialOwner, at: string): Promise<number> {
  return countOf(
    tx,
    sql`update learning_trials set state = 'skipped', ended_at = ${at}, lease_expires_at = null
        where ${ofOwner(tx, owner)} and state = 'open'`,
  )
}

/** The trials of an owner in the order in which they count. */
export async function listTrials(tx: Tx, owner: TrialOwner): Promise<readonly Trial[]> {
  const rows = await rowsOf<TrialRow>(
    tx,
    sql`select * from learning_trials where ${ofOwner(tx, owner)} order by position`,
  )
  return rows.map(toTrial)
}

/** Finds open trials that nobody holds, over all workspaces. */
export async function findOpenTrials(
  tx: Tx,
  at: string,
): Promise<readonly { readonly workspace: string; readonly id: string }[]> {
  return rowsOf(
    tx,
    sql`select workspace_id as workspace, id from learning_trials
        where state = 'open' and (lease_expires_at is null or lease_expires_at < ${at})
        order by position, id limit 50`,
  )
}

function ofOwner(tx: Tx, owner: TrialOwner): SQL {
  const column = owner.kind === 'training_run' ? sql`training_run_id` : sql`experiment_id`
  return sql`workspace_id = ${tx.workspace} and ${column} = ${owner.id}`
}

function toTrial(row: TrialRow): Trial {
  return {
    id: row.id,
    owner:
      row.training_run_id === null
        ? { kind: 'experiment', id: row.experiment_id ?? '' }
        : { kind: 'training_run', id: row.training_run_id },
    position: row.position,
    exampleId: row.example_id,
    state: row.state,
    scoreA: row.score_a,
    scoreB: row.score_b,
    attempts: row.attempts,
  }
}
