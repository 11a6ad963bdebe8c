import { GovernanceError } from '@preceptor/client'
import {
  type Actor,
  type Asker,
  actorName,
  inWorkspace,
  isoTime,
  parseInput,
  presentAsker,
  recordNotFound,
  type Tx,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import type { Workflow, WorkflowSchedule, WorkflowScheduleRequest } from '../client/workflows.ts'
import { parseRunInput } from '../definitions/parse-run-input.ts'
import { findWorkflow } from '../definitions/store.ts'
import type { SchedulePorts } from '../ports/schedule-ports.ts'
import { parsePattern } from './pattern.ts'
import { shownSchedule } from './schedule.ts'
import { findSchedule, insertSchedule, type NewSchedule } from './schedule-store.ts'

const requestInput = z.strictObject({
  workflow: z.string().min(1).max(64),
  cron: z.string().max(1_000),
  timezone: z.string().max(1_000).default('UTC'),
  input: z.unknown().optional(),
  overlap: z.enum(['skip', 'allow']).default('skip'),
})

/**
 * Writes a schedule, which starts runs of the current version of its workflow in the name of who made it.
 *
 * @throws GovernanceError `INPUT_INVALID` for a pattern, a timezone or an input that is none, `NOT_FOUND`, `CONFLICT` for an
 * archived workflow, `PERMISSION_DENIED`.
 */
export async function createSchedule(
  ports: SchedulePorts,
  actor: Actor,
  request: WorkflowScheduleRequest,
): Promise<WorkflowSchedule> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.schedules.create')
  const { workflow: id, cron, timezone, input: given, overlap } = parseInput(requestInput, request, 'schedule')
  const now = context.clock.now()
  const { pattern, nextAt } = parsePattern({ cron, timezone }, now)
  const scope = { workspace: actor.workspace }
  const input = await parseRunInput(
    (await inWorkspace(context.database, scope, (tx) => active(tx, id))).definition,
    given,
  )
  const schedule = {
    id: context.ids.next('wsc'),
    workflow: id,
    ...pattern,
    input,
    overlap,
    nextAt: isoTime(nextAt),
    createdAt: isoTime(now),
  }
  return inWorkspace(context.database, scope, (tx) => write(ports, tx, { actor, schedule }))
}

async function write(
  { context }: SchedulePorts,
  tx: Tx,
  { actor, schedule }: { readonly actor: Actor; readonly schedule: Omit<NewSchedule, 'maker'> },
): Promise<WorkflowSchedule> {
  const { version } = await active(tx, schedule.workflow)
  const { roles, credential = null } = actor.principal
  const asker: Asker = { name: actorName(actor), roles, credential, isMember: false }
  const present = await presentAsker(tx, asker)
  if (present === undefined) throw new GovernanceError('CREDENTIAL_INVALID')
  const { id, workflow, cron, timezone, overlap } = schedule
  await insertSchedule(tx, { ...schedule, maker: { ...asker, isMember: present.isMember } })
  const body = { actor: asker.name, workflow, version, cron, timezone, overlap, nextAt: schedule.nextAt }
  await context.journal.append(tx, { kind: 'workflow_schedule.created', subject: id, body })
  const written = await findSchedule(tx, id)
  if (written === undefined) throw recordNotFound('schedule', id)
  return shownSchedule(written)
}

async function active(tx: Tx, id: string): Promise<Workflow> {
  const found = await findWorkflow(tx, id)
  if (found === undefined) throw recordNotFound('workflow', id)
  if (found.state === 'active') return found
  throw new GovernanceError('CONFLICT', { message: `The workflow ${id} is archived.` })
}
