import { GovernanceError } from '@preceptor/client'
import type { GovernorPlugin } from '@preceptor/core/plugin'
import { type ApiActionOptions, apiActions } from './api-calls/api-actions.ts'
import { orchestration } from './client/orchestration.ts'
import type { OrchestrationOperations } from './client/orchestration-operations.ts'
import { createCollaborationOwner } from './collaboration/collaboration-owner.ts'
import { type OrchestrationAction, openActions } from './executors/orchestration-action.ts'
import { DEFINITIONS_MIGRATION } from './migrations/0001-definitions.ts'
import { RUNS_MIGRATION } from './migrations/0002-runs.ts'
import { COLLABORATION_MIGRATION } from './migrations/0003-collaboration.ts'
import { SCHEDULES_MIGRATION } from './migrations/0004-schedules.ts'
import { openCollaboration } from './open-collaboration.ts'
import { openDefinitions } from './open-definitions.ts'
import { openRuns } from './open-runs.ts'
import { openSchedules } from './open-schedules.ts'
import { collaborationPermissions } from './permissions/collaboration-permissions.ts'
import { definitionPermissions } from './permissions/definition-permissions.ts'
import { runPermissions } from './permissions/run-permissions.ts'
import { schedulePermissions } from './permissions/schedule-permissions.ts'
import { APPROVAL_ACTION } from './runs/actions-of-steps.ts'
import { approvalAction } from './runs/approval-action.ts'
import { collaborationSteps } from './steps/collaboration-steps.ts'

/** Options of orchestration; every one has a default. */
export interface OrchestrationOptions {
  /** Actions that agent steps can name, beside those of the governor; default: none. */
  readonly actions?: Readonly<Record<string, OrchestrationAction>>
  /** Secrets that calls to APIs may name, and how long such a call may take. */
  readonly apiCalls?: ApiActionOptions
  /**
   * Whether workers of this process try steps. `false` leaves that to processes that have the executors; default true.
   */
  readonly work?: boolean
}

/**
 * Workflows and collaboration as a plugin of a governor. A worker on that governor does the work.
 *
 * @throws GovernanceError `OPTION_INVALID`, naming what is wrong.
 * @example
 * ```ts
 * import { createGovernor } from '@preceptor/core'
 * import { createOrchestration, orchestration } from '@preceptor/orchestration'
 *
 * const governor = await createGovernor({ memory: true, plugins: [createOrchestration()] })
 * const scope = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['admin'] } })
 * const { items } = await scope.plugin(orchestration).runs.list()
 * await governor.close()
 * ```
 */
export function createOrchestration(options: OrchestrationOptions = {}): GovernorPlugin<OrchestrationOperations> {
  const { actions = {}, apiCalls, work = true } = options
  return {
    port: orchestration,
    permissions: {
      ...definitionPermissions,
      ...runPermissions,
      ...schedulePermissions,
      ...collaborationPermissions,
    },
    migrations: [DEFINITIONS_MIGRATION, RUNS_MIGRATION, COLLABORATION_MIGRATION, SCHEDULES_MIGRATION],
    open(host) {
      const own = { ...apiActions(host.context, apiCalls), [APPROVAL_ACTION]: approvalAction }
      for (const name of Object.keys(actions)) {
        if (Object.hasOwn(own, name)) throw invalid(`the action "${name}" is one of its own`)
      }
      const definitions = openDefinitions(host)
      const collaboration = openCollaboration(
        host,
        collaborationSteps(() => runs.ports),
      )
      const runs = openRuns(host, createCollaborationOwner(collaboration.onStepEnded))
      const schedules = openSchedules({ context: host.context, runs: runs.ports })
      // To begin a run needs no executor: whatever process is there does it.
      const jobs = { ...runs.jobs, ...schedules.jobs, ...collaboration.jobs }
      return {
        scope: (actor) => ({
          ...definitions.scope(actor),
          ...runs.scope(actor),
          ...schedules.scope(actor),
          ...collaboration.scope(actor),
        }),
        jobs: work ? jobs : { ...jobs, step: { ...runs.jobs.step, isElsewhere: true } },
        actions: { ...openActions(actions, host.context), ...own },
      }
    },
  }
}

function invalid(problem: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message: `createOrchestration: option "actions": ${problem}.` })
}
