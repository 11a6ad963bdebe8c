export type { ApiActionOptions } from './api-calls/api-actions.ts'
export type { WorkflowSecret, WorkflowSecrets } from './api-calls/secrets.ts'
export * from './client/index.ts'
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
