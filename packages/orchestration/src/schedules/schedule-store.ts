import type { JsonObject, Page, Role } from '@preceptor/client'
import {
  type Asker,
  countOf,
  isoOf,
  type PluginWork,
  pageOf,
  rowOf,
  rowsOf,
  type TimePlace,
  type Tx,
} from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { WorkflowSchedule } from '../client/workflows.ts'
import type { StoredSchedule } from './schedule.ts'

const MOST_AT_ONCE = 500

interface ScheduleRow {
  readonly id: string
  readonly workflow_id: string
  readonly cron: string
  readonly timezone: string
  readonly input: JsonObject
  readonly overlap: WorkflowSchedule['overlap']
  readonly state: WorkflowSchedule['state']
  readonly next_at: string | null
  readonly last_at: string | null
  readonly last_run: string | null
  readonly last_problem: string | null
  readonly created_by: string
  readonly made_in_roles: readonly Role[]
  readonly made_by_credential: string | null
  readonly made_by_member: boolean
  readonly created_at: string
}

const COLUMNS = sql`s.id, s.workflow_id, s.cron, s.timezone, s.input, s.overlap, s.state, s.next_at, s.last_at, s.last_problem,
  s.created_by, s.made_in_roles, s.made_by_credential, s.made_by_member, s.created_at,
  (select r.id from workflow_runs r where r.workspace_id = s.workspace_id and r.schedule_id = s.id
    and r.due_at = s.last_at) as last_run`

/** A schedule that begins. */
export interface NewSchedule
  extends Pick<WorkflowSchedule, 'id' | 'workflow' | 'cron' | 'timezone' | 'input' | 'overlap' | 'createdAt'> {
  readonly nextAt: string
  readonly maker: Asker
}

export async function insertSchedule(tx: Tx, schedule: NewSchedule): Promise<void> {
  const { id, workflow, cron, timezone, input, overlap, nextAt, maker, createdAt } = schedule
  await countOf(
    tx,
    sql`insert into workflow_schedules (id, workspace_id, workflow_id, cron, timezone, input, overlap, next_at, created_by,
          made_in_roles, made_by_credential, made_by_member, created_at)
        values (${id}, ${tx.workspace}, ${workflow}, ${cron}, ${timezone}, ${JSON.stringify(input)}::jsonb, ${overlap},
          ${nextAt}, ${maker.name}, ${sql.param(maker.roles)}::text[], ${maker.credential}, ${maker.isMember},
          ${createdAt})`,
  )
}

/** A schedule by its id, where the agents of its workflow are all among these; null: whatever its workflow. */
export async function findSchedule(
  tx: Tx,
  id: string,
  only: readonly string[] | null = null,
): Promise<StoredSchedule | undefined> {
  const row = await rowOf<ScheduleRow>(
    tx,
    sql`select ${COLUMNS} from workflow_schedules s
        where s.workspace_id = ${tx.workspace} and s.id = ${id} and ${isAmong(only)}`,
  )
  return row && toSchedule(row)
}

/** A page of schedules, newest first. */
export async function listSchedules(
  tx: Tx,
  query: {
    readonly before: TimePlace | null
    readonly limit: number
    readonly workflow: string | null
    readonly only: readonly string[] | null
  },
): Promise<Page<StoredSchedule>> {
  const { before, limit, workflow, only } = query
  const rows = await rowsOf<ScheduleRow>(
    tx,
    sql`select ${COLUMNS} from workflow_schedules s where s.workspace_id = ${tx.workspace} and ${isAmong(only)}
          and (${workflow}::text is null or s.workflow_id = ${workflow})
          and (${before?.at ?? null}::timestamptz is null
            or (s.created_at, s.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? ''}))
        order by s.created_at desc, s.id desc limit ${limit + 1}`,
  )
  return pageOf(rows.map(toSchedule), limit, ({ createdAt, id }) => [createdAt, id])
}

/** Ends an active schedule; false when it was removed. */
export async function removeActive(tx: Tx, id: string): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update workflow_schedules set state = 'removed', next_at = null
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'active'`,
  )
  return changed === 1
}

/** Passes a due time; false where it was passed by somebody else, or the schedule was removed. */
export async function passDueTime(
  tx: Tx,
  passed: { readonly id: string; readonly at: string; readonly next: string; readonly problem: string | null },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update workflow_schedules set next_at = ${passed.next}, last_at = ${passed.at}, last_problem = ${passed.problem}
        where workspace_id = ${tx.workspace} and id = ${passed.id} and state = 'active' and next_at = ${passed.at}`,
  )
  return changed === 1
}

/** Notes that the maker of a schedule is a member. */
export async function noteMember(tx: Tx, id: string): Promise<void> {
  await countOf(
    tx,
    sql`update workflow_schedules set made_by_member = true
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'active' and not made_by_member`,
  )
}

/** The run of a schedule that has not ended. */
export async function openRunOf(tx: Tx, schedule: string): Promise<string | undefined> {
  const row = await rowOf<{ readonly id: string }>(
    tx,
    sql`select id from workflow_runs where workspace_id = ${tx.workspace} and schedule_id = ${schedule}
          and state in ('running', 'waiting') order by created_at limit 1`,
  )
  return row?.id
}

/** Schedules that are due, in all workspaces. */
export async function findDueSchedules(tx: Tx, at: string): Promise<readonly PluginWork[]> {
  return rowsOf<{ readonly workspace: string; readonly id: string }>(
    tx,
    sql`select workspace_id as workspace, id from workflow_schedules
        where state = 'active' and next_at <= ${at} order by next_at, id limit ${MOST_AT_ONCE}`,
  )
}

function isAmong(only: readonly string[] | null): ReturnType<typeof sql> {
  return sql`(${only === null} or exists (select from workflows w where w.workspace_id = s.workspace_id
    and w.id = s.workflow_id and w.agents <@ ${sql.param(only ?? [])}::text[]))`
}

function toSchedule(row: ScheduleRow): StoredSchedule {
  const { last_at: at, last_run: run, last_problem: problem } = row
  return {
    id: row.id,
    workflow: row.workflow_id,
    cron: row.cron,
    timezone: row.timezone,
    input: row.input,
    overlap: row.overlap,
    state: row.state,
    nextAt: isoOf(row.next_at),
    last: at === null ? null : { at: isoOf(at), run, problem },
    createdBy: row.created_by,
    createdAt: isoOf(row.created_at),
    maker: {
      name: row.created_by,
      roles: row.made_in_roles,
      isMember: row.made_by_member,
      credential: row.made_by_credential,
    },
  }
}
