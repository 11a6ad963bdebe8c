import type { Page } from '@preceptor/client'
import { countOf, isoOf, isThere, pageOf, rowOf, rowsOf, type TimePlace, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { WorkflowDefinition } from '../client/workflow-definition.ts'
import type { ListedWorkflow, Workflow, WorkflowRun, WorkflowVersion } from '../client/workflows.ts'
import { agentsOf } from './agents-of.ts'

interface WorkflowRow {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly state: Workflow['state']
  readonly definition: WorkflowDefinition
  readonly created_by: string
  readonly created_at: string
  readonly updated_at: string
}

interface VersionRow {
  readonly workflow_id: string
  readonly version: number
  readonly definition: WorkflowDefinition
  readonly note: string | null
  readonly created_by: string
  readonly created_at: string
}

/** Which workflows a reader may see: those whose agents are all among these; null: all. */
export type VisibleAgents = readonly string[] | null

/** Inserts a workflow without its version. */
export async function insertWorkflow(tx: Tx, workflow: Workflow): Promise<void> {
  const { id, name, version, state, definition, createdBy, createdAt, updatedAt } = workflow
  await countOf(
    tx,
    sql`insert into workflows (id, workspace_id, name, version, state, agents, created_by, created_at, updated_at)
        values (${id}, ${tx.workspace}, ${name}, ${version}, ${state}, ${textArray(agentsOf(definition))}, ${createdBy},
          ${createdAt}, ${updatedAt})`,
  )
}

export async function insertVersion(tx: Tx, version: WorkflowVersion): Promise<void> {
  await countOf(
    tx,
    sql`insert into workflow_versions (workspace_id, workflow_id, version, definition, note, created_by, created_at)
        values (${tx.workspace}, ${version.workflow}, ${version.version}, ${JSON.stringify(version.definition)}::jsonb,
          ${version.note}, ${version.createdBy}, ${version.createdAt})`,
  )
}

/** Keeps a name to this transaction until it ends, and tells whether another active workflow has it. */
export async function isNameTaken(tx: Tx, name: string, except: string | null = null): Promise<boolean> {
  await countOf(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`workflow ${tx.workspace} ${name}`}, 0))`)
  return isThere(
    tx,
    sql`select from workflows where workspace_id = ${tx.workspace} and name = ${name} and state = 'active'
          and id is distinct from ${except}::text`,
  )
}

/** Moves an active workflow on from the version that was changed. */
export async function advanceWorkflow(
  tx: Tx,
  next: Pick<Workflow, 'id' | 'name' | 'version' | 'definition' | 'updatedAt'>,
  base: number,
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update workflows set name = ${next.name}, version = ${next.version}, agents = ${textArray(agentsOf(next.definition))},
          updated_at = ${next.updatedAt}
        where workspace_id = ${tx.workspace} and id = ${next.id} and version = ${base} and state = 'active'`,
  )
  return changed === 1
}

export async function archiveActive(tx: Tx, id: string): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update workflows set state = 'archived'
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'active'`,
  )
  return changed === 1
}

/** Reads a workflow with its current version. */
export async function findWorkflow(tx: Tx, id: string, only: VisibleAgents = null): Promise<Workflow | undefined> {
  const row = await rowOf<WorkflowRow>(
    tx,
    sql`select w.id, w.name, w.version, w.state, v.definition, w.created_by, w.created_at, w.updated_at
        from workflows w join workflow_versions v
          on v.workspace_id = w.workspace_id and v.workflow_id = w.id and v.version = w.version
        where w.workspace_id = ${tx.workspace} and w.id = ${id}
          and (${only === null} or w.agents <@ ${textArray(only ?? [])})`,
  )
  return row && toWorkflow(row)
}

/** Reads one version of a workflow. */
export async function findVersion(tx: Tx, workflow: string, version: number): Promise<WorkflowVersion | undefined> {
  const row = await rowOf<VersionRow>(
    tx,
    sql`select workflow_id, version, definition, note, created_by, created_at from workflow_versions
        where workspace_id = ${tx.workspace} and workflow_id = ${workflow} and version = ${version}`,
  )
  return row && toVersion(row)
}

/** Which workflows a list shows, and what it tells of them. */
export interface WorkflowListing {
  readonly before: TimePlace | null
  readonly limit: number
  readonly only: VisibleAgents
  readonly seesRuns: boolean
  /** Of runs, only those that this one started; null: all. */
  readonly startedBy: string | null
  readonly seesSchedules: boolean
}

interface ListedRow extends WorkflowRow {
  readonly run_id: string | null
  readonly run_state: WorkflowRun['state'] | null
  readonly run_created_at: string | null
  readonly schedules: readonly { id: string; cron: string; timezone: string; next_at: string | null }[] | null
}

const MOST_SCHEDULES = 20

/** Reads a page of workflows, newest first, each with its newest run and what starts it by the clock. */
export async function listWorkflows(tx: Tx, query: WorkflowListing): Promise<Page<ListedWorkflow>> {
  const { before, limit, only, seesRuns, startedBy, seesSchedules } = query
  const rows = await rowsOf<ListedRow>(
    tx,
    sql`select w.id, w.name, w.version, w.state, v.definition, w.created_by, w.created_at, w.updated_at,
          r.id as run_id, r.state as run_state, r.created_at as run_created_at, s.schedules
        from workflows w join workflow_versions v
          on v.workspace_id = w.workspace_id and v.workflow_id = w.id and v.version = w.version
        left join lateral (
          select id, state, created_at from workflow_runs
          where workspace_id = w.workspace_id and workflow_id = w.id and ${seesRuns}
            and (${startedBy}::text is null or started_by = ${startedBy})
          order by created_at desc, id desc limit 1) r on true
        left join lateral (
          select json_agg(o order by o.created_at, o.id) as schedules from (
            select id, cron, timezone, next_at, created_at from workflow_schedules
            where workspace_id = w.workspace_id and workflow_id = w.id and state = 'active' and ${seesSchedules}
            order by created_at, id limit ${MOST_SCHEDULES}) o) s on true
        where w.workspace_id = ${tx.workspace} and (${only === null} or w.agents <@ ${textArray(only ?? [])})
          and (${before === null} or (w.created_at, w.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))
        order by w.created_at desc, w.id desc limit ${limit + 1}`,
  )
  return pageOf(rows.map(toListed), limit, ({ createdAt, id }) => [createdAt, id])
}

function toListed(row: ListedRow): ListedWorkflow {
  const { run_id: id, run_state: state, run_created_at: at, schedules } = row
  return {
    ...toWorkflow(row),
    lastRun: id === null || state === null || at === null ? null : { id, state, createdAt: isoOf(at) },
    schedules: (schedules ?? []).map(({ id: schedule, cron, timezone, next_at: next }) => ({
      id: schedule,
      cron,
      timezone,
      nextAt: next === null ? null : isoOf(next),
    })),
  }
}

/** Reads a page of versions of a workflow, newest first. */
export async function listVersions(
  tx: Tx,
  query: { readonly workflow: string; readonly before: number | null; readonly limit: number },
): Promise<Page<WorkflowVersion>> {
  const { workflow, before, limit } = query
  const rows = await rowsOf<VersionRow>(
    tx,
    sql`select workflow_id, version, definition, note, created_by, created_at from workflow_versions
        where workspace_id = ${tx.workspace} and workflow_id = ${workflow}
          and (${before}::integer is null or version < ${before})
        order by version desc limit ${limit + 1}`,
  )
  return pageOf(rows.map(toVersion), limit, ({ version }) => [version])
}

function textArray(texts: readonly string[]): ReturnType<typeof sql> {
  return sql`array(select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`
}

function toWorkflow(row: WorkflowRow): Workflow {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    state: row.state,
    definition: row.definition,
    createdBy: row.created_by,
    createdAt: isoOf(row.created_at),
    updatedAt: isoOf(row.updated_at),
  }
}

function toVersion(row: VersionRow): WorkflowVersion {
  return {
    workflow: row.workflow_id,
    version: row.version,
    definition: row.definition,
    note: row.note,
    createdBy: row.created_by,
    createdAt: isoOf(row.created_at),
  }
}
