import type { Authorizer } from '@preceptor/core/plugin'
import type { RunOperation } from '../permissions/run-permissions.ts'
import type { PlanCache } from '../runs/plan-cache.ts'
import type { EnginePorts } from './engine-ports.ts'

/** What runs of workflows stand on. */
export interface RunPorts extends Omit<EnginePorts, 'owners'> {
  readonly authorizer: Authorizer<RunOperation>
  readonly plans: PlanCache
}
