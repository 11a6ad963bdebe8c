import type { JsonObject, JsonValue, Page } from '@preceptor/client'
import { countOf, isoOf, pageOf, rowOf, rowsOf, type TimePlace, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { ExpectedStep, WorkflowFailure, WorkflowRun } from '../client/workflows.ts'
import type { RunEnd, StoredRun } from './run.ts'

interface RunRow {
  readonly id: string
  readonly workflow_id: string
  readonly version: number
  readonly state: WorkflowRun['state']
  readonly input: JsonObject
  readonly output: JsonValue
  readonly failure: WorkflowFailure | null
  readonly failed_at: string | null
  readonly expected: readonly ExpectedStep[]
  readonly started_by: string
  readonly schedule_id: string | null
  readonly created_at: string
  readonly ended_at: string | null
}

/** A run that begins. */
export interface NewRun
  extends Pick<StoredRun, 'id' | 'workflow' | 'version' | 'input' | 'expected' | 'startedBy' | 'createdAt'> {
  /** The schedule that starts it, and the time that it starts it for. */
  readonly due: { readonly schedule: string; readonly at: string } | null
}

/** Writes a run; false where the schedule has started one for that time. */
export async function insertRun(tx: Tx, run: NewRun): Promise<boolean> {
  const { id, workflow, version, input, expected, startedBy, createdAt, due } = run
  const inserted = await countOf(
    tx,
    sql`insert into workflow_runs (id, workspace_id, workflow_id, version, input, expected, started_by, schedule_id, due_at,
          created_at)
        values (${id}, ${tx.workspace}, ${workflow}, ${version}, ${JSON.stringify(input)}::jsonb,
          ${JSON.stringify(expected)}::jsonb, ${startedBy}, ${due?.schedule ?? null}, ${due?.at ?? null}, ${createdAt})
        on conflict (workspace_id, schedule_id, due_at) do nothing`,
  )
  return inserted === 1
}

/** Holds a run until the transaction ends. */
export async function holdRun(tx: Tx, id: string): Promise<StoredRun | undefined> {
  const row = await rowOf<RunRow>(
    tx,
    sql`select * from workflow_runs where workspace_id = ${tx.workspace} and id = ${id} for update`,
  )
  return row && toRun(row)
}

/** A run by its id. */
export async function findRun(tx: Tx, id: string): Promise<StoredRun | undefined> {
  const row = await rowOf<RunRow>(
    tx,
    sql`select * from workflow_runs where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toRun(row)
}

/** Says of an open run whether anything in it goes on or all waits; gives the state where that is new. */
export async function moveRun(tx: Tx, id: string): Promise<'running' | 'waiting' | undefined> {
  const row = await rowOf<{ readonly state: 'running' | 'waiting' }>(
    tx,
    sql`with now as (
          select case when exists (select from workflow_steps s where s.workspace_id = ${tx.workspace}
              and s.owner_kind = 'workflow_run' and s.owner_id = ${id} and s.state in ('pending', 'running')
              and s.type <> 'parallel')
            then 'running' else 'waiting' end as state)
        update workflow_runs r set state = now.state from now
        where r.workspace_id = ${tx.workspace} and r.id = ${id} and r.state in ('running', 'waiting')
          and r.state <> now.state
        returning r.state`,
  )
  return row?.state
}

/** Ends an open run; false when it has ended. */
export async function endRun(tx: Tx, id: string, end: RunEnd & { readonly at: string }): Promise<boolean> {
  const output = end.state === 'completed' ? JSON.stringify(end.output) : null
  const failure = end.state === 'completed' || end.failure === null ? null : JSON.stringify(end.failure)
  const failedAt = end.state === 'failed' ? end.failedAt : null
  const changed = await countOf(
    tx,
    sql`update workflow_runs set state = ${end.state}, output = ${output}::jsonb, failure = ${failure}::jsonb,
          failed_at = ${failedAt}, ended_at = ${end.at}
        where workspace_id = ${tx.workspace} and id = ${id} and state in ('running', 'waiting')`,
  )
  return changed === 1
}

/** Opens a failed run again; false when it did not fail, or somebody else did. */
export async function reopenRun(tx: Tx, id: string): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update workflow_runs set state = 'running', failure = null, failed_at = null, ended_at = null
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'failed'`,
  )
  return changed === 1
}

/** A page of runs, newest first. */
export async function listRuns(
  tx: Tx,
  query: {
    readonly before: TimePlace | null
    readonly limit: number
    readonly workflow: string | null
    readonly state: string | null
    /** Only those that were started by one of these. */
    readonly startedBy: readonly string[] | null
  },
): Promise<Page<StoredRun>> {
  const { before, limit, workflow, state, startedBy } = query
  const rows = await rowsOf<RunRow>(
    tx,
    sql`select * from workflow_runs where workspace_id = ${tx.workspace}
          and (${workflow}::text is null or workflow_id = ${workflow}) and (${state}::text is null or state = ${state})
          and (${startedBy === null} or started_by = any(${sql.param(startedBy ?? [])}::text[]))
          and (${before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? ''}))
        order by created_at desc, id desc limit ${limit + 1}`,
  )
  return pageOf(rows.map(toRun), limit, ({ createdAt, id }) => [createdAt, id])
}

function toRun(row: RunRow): StoredRun {
  return {
    id: row.id,
    workflow: row.workflow_id,
    version: row.version,
    state: row.state,
    input: row.input,
    output: row.output,
    failure: row.failure,
    failedAt: row.failed_at,
    expected: row.expected,
    startedBy: row.started_by,
    schedule: row.schedule_id,
    createdAt: isoOf(row.created_at),
    endedAt: isoOf(row.ended_at),
  }
}
