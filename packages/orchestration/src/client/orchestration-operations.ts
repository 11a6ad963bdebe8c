import type { CollaborationParts } from './collaboration-parts.ts'
import type { WorkflowOperations, WorkflowRunOperations, WorkflowScheduleOperations } from './workflows.ts'

/** What `scope.plugin(orchestration)` gives. Every method checks the permission table first. */
export interface OrchestrationOperations extends CollaborationParts {
  readonly workflows: WorkflowOperations
  readonly runs: WorkflowRunOperations
  readonly schedules: WorkflowScheduleOperations
}
