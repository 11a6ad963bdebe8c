import { type Actor, createAuthorizer, type PluginJob } from '@preceptor/core/plugin'
import type { WorkflowScheduleOperations } from './client/workflows.ts'
import { schedulePermissions } from './permissions/schedule-permissions.ts'
import type { SchedulePorts } from './ports/schedule-ports.ts'
import { createSchedule } from './schedules/create-schedule.ts'
import { readSchedule, readSchedules } from './schedules/read-schedules.ts'
import { removeSchedule } from './schedules/remove-schedule.ts'
import { findDueSchedules } from './schedules/schedule-store.ts'
import { startDue } from './schedules/start-due.ts'

/** Schedules of workflows on a governor. */
export interface OpenSchedules {
  /** Binds the operations to an actor. */
  scope(actor: Actor): { readonly schedules: WorkflowScheduleOperations }
  readonly jobs: Readonly<Record<'start-due', PluginJob>>
}

/** Opens schedules of workflows on a governor. */
export function openSchedules({ context, runs }: Pick<SchedulePorts, 'context' | 'runs'>): OpenSchedules {
  const ports: SchedulePorts = { context, runs, authorizer: createAuthorizer(schedulePermissions) }
  return {
    scope: (actor) => ({
      schedules: {
        create: (request) => createSchedule(ports, actor, request),
        get: (id) => readSchedule(ports, actor, id),
        list: (query) => readSchedules(ports, actor, query),
        remove: (id, reason) => removeSchedule(ports, actor, { id, reason }),
      },
    }),
    jobs: {
      'start-due': {
        pattern: '0 * * * * *',
        isReconciled: true,
        find: findDueSchedules,
        run: (work) => startDue(ports, work),
      },
    },
  }
}
