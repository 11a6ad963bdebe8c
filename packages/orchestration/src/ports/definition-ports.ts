import type { AccessContext, Authorizer } from '@preceptor/core/plugin'
import type { DefinitionOperation } from '../permissions/definition-permissions.ts'
import type { RunOperation } from '../permissions/run-permissions.ts'
import type { ScheduleOperation } from '../permissions/schedule-permissions.ts'

/** What the definitions of workflows stand on. */
export interface DefinitionPorts {
  readonly context: AccessContext
  /** A list tells of runs and schedules too, to those who may list these. */
  readonly authorizer: Authorizer<DefinitionOperation | RunOperation | ScheduleOperation>
}
