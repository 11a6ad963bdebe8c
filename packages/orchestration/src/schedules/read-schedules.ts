import type { JsonObject, Page, PageQuery } from '@preceptor/client'
import {
  type Actor,
  agentFilter,
  cursorTimePlace,
  inWorkspace,
  parseInput,
  parseLimit,
  recordNotFound,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import type { WorkflowSchedule } from '../client/workflows.ts'
import type { SchedulePorts } from '../ports/schedule-ports.ts'
import { shownSchedule } from './schedule.ts'
import { findSchedule, listSchedules } from './schedule-store.ts'

const queryInput = z.strictObject({
  workflow: z.string().max(64).optional(),
  cursor: z.unknown().optional(),
  limit: z.unknown().optional(),
})

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
export async function readSchedule(
  { authorizer, context }: SchedulePorts,
  actor: Actor,
  given: string,
): Promise<WorkflowSchedule> {
  const access = authorizer.authorize(actor, 'orchestration.schedules.get')
  const id = String(given)
  const found = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    findSchedule(tx, id, agentFilter(actor)),
  )
  if (found === undefined) throw recordNotFound('schedule', id)
  const shown = shownSchedule(found)
  return access === 'redacted' ? redacted(shown) : shown
}

/** Lists schedules, removed ones too, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readSchedules(
  { authorizer, context }: SchedulePorts,
  actor: Actor,
  query: PageQuery & { readonly workflow?: string } = {},
): Promise<Page<WorkflowSchedule>> {
  const access = authorizer.authorize(actor, 'orchestration.schedules.list')
  const { workflow = null } = parseInput(queryInput, query, 'query')
  const wanted = {
    workflow,
    before: cursorTimePlace(query.cursor),
    limit: parseLimit(query.limit),
    only: agentFilter(actor),
  }
  const page = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => listSchedules(tx, wanted))
  const items = page.items.map(shownSchedule)
  return { ...page, items: access === 'redacted' ? items.map(redacted) : items }
}

/** Who merely looks on learns the names of what goes in. */
function redacted(schedule: WorkflowSchedule): WorkflowSchedule {
  const input: JsonObject = Object.fromEntries(Object.keys(schedule.input).map((name) => [name, '[redacted]']))
  return { ...schedule, input }
}
