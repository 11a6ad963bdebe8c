import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, inWorkspace, parseReason, recordNotFound } from '@preceptor/core/plugin'
import type { WorkflowSchedule } from '../client/workflows.ts'
import type { SchedulePorts } from '../ports/schedule-ports.ts'
import { shownSchedule } from './schedule.ts'
import { findSchedule, removeActive } from './schedule-store.ts'

/**
 * Ends a schedule; runs that it started go on.
 *
 * @throws GovernanceError `NOT_FOUND`, `CONFLICT` when it was removed, `INPUT_INVALID`, `PERMISSION_DENIED`.
 */
export async function removeSchedule(
  { authorizer, context }: SchedulePorts,
  actor: Actor,
  { id: given, reason: why }: { readonly id: string; readonly reason: string },
): Promise<WorkflowSchedule> {
  authorizer.authorize(actor, 'orchestration.schedules.remove')
  const reason = parseReason(why)
  const id = String(given)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const found = await findSchedule(tx, id)
    if (found === undefined) throw recordNotFound('schedule', id)
    if (!(await removeActive(tx, id))) {
      throw new GovernanceError('CONFLICT', { message: `The schedule ${id} was removed.` })
    }
    const body = { actor: actorName(actor), workflow: found.workflow, reason }
    await context.journal.append(tx, { kind: 'workflow_schedule.removed', subject: id, body })
    return shownSchedule((await findSchedule(tx, id)) ?? found)
  })
}
