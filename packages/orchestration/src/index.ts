export type { ApiActionOptions } from './api-calls/api-actions.ts'
export type { WorkflowSecret, WorkflowSecrets } from './api-calls/secrets.ts'
export { orchestration } from './client/orchestration.ts'
export type { OrchestrationOperations } from './client/orchestration-operations.ts'
export {
  type AgentStep,
  type ApiCallStep,
  type ApprovalStep,
  type ConditionStep,
  type DefinitionProblem,
  type ParallelStep,
  STEP_TYPES,
  type StepFrame,
  type StepRetry,
  type StepType,
  type TransformStep,
  type WorkflowBranch,
  type WorkflowDefinition,
  type WorkflowStep,
  type WorkflowValue,
} from './client/workflow-definition.ts'
export {
  type ApprovalAnswer,
  type ExpectedStep,
  RUN_STATES,
  STEP_STATES,
  type StepResolution,
  type Workflow,
  type WorkflowDrawing,
  type WorkflowExecution,
  type WorkflowFailure,
  type WorkflowOperations,
  type WorkflowRun,
  type WorkflowRunDetail,
  type WorkflowRunOperations,
  type WorkflowRunQuery,
  type WorkflowSchedule,
  type WorkflowScheduleOperations,
  type WorkflowScheduleRequest,
  type WorkflowStepRun,
  type WorkflowVersion,
} from './client/workflows.ts'
export { createOrchestration, type OrchestrationOptions } from './create-orchestration.ts'
export { type EndpointActionOptions, endpointAction } from './executors/endpoint-action.ts'
export type { ActionHost, OrchestrationAction } from './executors/orchestration-action.ts'
export {
  type RunnableActionOptions,
  type RunnableConfig,
  runnableAction,
  type StepRunnable,
} from './executors/runnable-action.ts'
export { StepFault, type StepFaultOptions } from './faults/step-fault.ts'
