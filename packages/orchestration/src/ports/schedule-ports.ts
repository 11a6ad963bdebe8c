import type { AccessContext, Authorizer } from '@preceptor/core/plugin'
import type { ScheduleOperation } from '../permissions/schedule-permissions.ts'
import type { EnginePorts } from './engine-ports.ts'
import type { RunPorts } from './run-ports.ts'

/** What schedules of workflows stand on. */
export interface SchedulePorts {
  readonly context: AccessContext
  readonly authorizer: Authorizer<ScheduleOperation>
  /** What the runs that they start stand on. */
  readonly runs: RunPorts & Pick<EnginePorts, 'owners'>
}
