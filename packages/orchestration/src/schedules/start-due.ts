import { ERROR_CODES, GovernanceError } from '@preceptor/client'
import {
  type Actor,
  inWorkspace,
  isoTime,
  type PluginWork,
  type PresentAsker,
  presentAsker,
  redactText,
  type Tx,
} from '@preceptor/core/plugin'
import type { SchedulePorts } from '../ports/schedule-ports.ts'
import { beginRun, prepareRun } from '../runs/start-run.ts'
import { nextTime } from './pattern.ts'
import type { StoredSchedule } from './schedule.ts'
import { findSchedule, noteMember, openRunOf, passDueTime } from './schedule-store.ts'

const SCHEDULER = 'system:schedules'
const LONGEST_PROBLEM = 1_000
const FAULT_STATUS = 500

/** A schedule that is due, with what is known of it before anything is checked. */
interface DueSchedule {
  readonly schedule: StoredSchedule
  /** The due time that is passed now. */
  readonly at: string
  /** The one after it: times that were missed meanwhile are none any more. */
  readonly next: string
  readonly present: PresentAsker | undefined
  readonly openRun: string | undefined
}

/**
 * Passes the due time of a schedule, and begins the run of that time in the same transaction, once for all processes. What
 * keeps a run from beginning is told at the schedule; a fault leaves the time due.
 */
export async function startDue(ports: SchedulePorts, { workspace, id = '' }: PluginWork): Promise<void> {
  const { context } = ports
  const due = await inWorkspace(context.database, { workspace, retry: true }, (tx) => look(ports, tx, id))
  if (due === undefined) return
  try {
    await begin(ports, workspace, due)
  } catch (error) {
    const problem = problemOf(error)
    if (problem === undefined) throw error
    await inWorkspace(context.database, { workspace, retry: true }, (tx) => skip(ports, tx, due, problem))
  }
}

async function look({ context }: SchedulePorts, tx: Tx, id: string): Promise<DueSchedule | undefined> {
  const now = context.clock.now()
  const schedule = await findSchedule(tx, id)
  if (schedule === undefined || schedule.nextAt === null || Date.parse(schedule.nextAt) > now) return undefined
  const { maker, nextAt: at, overlap } = schedule
  const present = await presentAsker(tx, maker)
  if (present?.isMember === true && !maker.isMember) await noteMember(tx, id)
  const next = isoTime(nextTime(schedule, now))
  return { schedule, at, next, present, openRun: overlap === 'skip' ? await openRunOf(tx, id) : undefined }
}

/** @throws GovernanceError what keeps the run from beginning. */
async function begin({ runs }: SchedulePorts, workspace: string, due: DueSchedule): Promise<void> {
  const { schedule, at, next, present, openRun } = due
  if (present === undefined) {
    throw new GovernanceError('PERMISSION_DENIED', {
      message: `${schedule.createdBy}, who made the schedule, has no right in this workspace any more.`,
    })
  }
  const actor: Actor = { workspace, principal: present.principal, source: 'workflow_engine' }
  runs.authorizer.authorize(actor, 'orchestration.runs.execute')
  if (openRun !== undefined) {
    throw new GovernanceError('CONFLICT', { message: `The run ${openRun}, which it started before, has not ended.` })
  }
  const prepared = await prepareRun(runs, actor, { id: schedule.workflow, input: schedule.input })
  await beginRun(runs, workspace, {
    ...prepared,
    startedBy: schedule.createdBy,
    due: { schedule: schedule.id, at },
    when: (tx) => passDueTime(tx, { id: schedule.id, at, next, problem: null }),
  })
}

async function skip({ context }: SchedulePorts, tx: Tx, due: DueSchedule, problem: string): Promise<void> {
  const { schedule, at, next } = due
  if (!(await passDueTime(tx, { id: schedule.id, at, next, problem }))) return
  // A problem that lasts is told when it comes, not each time.
  if (schedule.last?.problem === problem) return
  const body = { actor: SCHEDULER, workflow: schedule.workflow, dueAt: at, problem }
  await context.journal.append(tx, { kind: 'workflow_schedule.skipped', subject: schedule.id, body })
}

/** What is told of an error at the schedule; undefined for a fault, after which it is tried again. */
function problemOf(error: unknown): string | undefined {
  if (!GovernanceError.isInstance(error) || isFault(error.code) || stepCodes(error).some(isFault)) return undefined
  return redactText(`${error.code}: ${error.message}`).slice(0, LONGEST_PROBLEM)
}

function isFault(code: unknown): boolean {
  if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code)) return false
  const { status, retryable } = ERROR_CODES[code as keyof typeof ERROR_CODES]
  return status >= FAULT_STATUS && retryable
}

/** The codes by which the steps of a refused run would be denied. */
function stepCodes({ details }: GovernanceError): readonly unknown[] {
  const { steps } = details
  return Array.isArray(steps) ? steps.map((step: unknown) => Reflect.get(Object(step), 'code')) : []
}
