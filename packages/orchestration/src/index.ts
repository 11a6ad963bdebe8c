export type { ApiActionOptions } from './api-calls/api-actions.ts'
export type { WorkflowSecret, WorkflowSecrets } from './api-calls/secrets.ts'
export {
  type AggregateTurn,
  COLLABORATION_MODES,
  COLLABORATION_STATES,
  type Collaboration,
  type CollaborationContext,
  type CollaborationDetail,
  type CollaborationFailure,
  type CollaborationMember,
  type CollaborationMemberRequest,
  type CollaborationMessage,
  type CollaborationMode,
  type CollaborationOperations,
  type CollaborationQuery,
  type CollaborationRequest,
  type CollaborationTurn,
  type DelegatedTurn,
  type DelegationPlan,
  type HierarchicalSettings,
  type MajorityOutput,
  type ParallelSettings,
  type PlanTurn,
  type TurnArgs,
  type TurnFrame,
  type VoteTurn,
  type WorkTurn,
} from './client/collaboration.ts'
export type { CollaborationParts } from './client/collaboration-parts.ts'
export {
  CONSENSUS_STATES,
  type Consensus,
  type ConsensusDetail,
  type ConsensusOperations,
  type ConsensusOutput,
  type ConsensusQuery,
  type ConsensusRequest,
  type ConsensusRule,
  type Elector,
  type Tally,
  type Vote,
  type VoteRequest,
} from './client/consensus.ts'
export {
  DELEGATION_STATES,
  type Delegation,
  type DelegationOperations,
  type DelegationQuery,
  type DelegationRequest,
} from './client/delegations.ts'
export type { MemberName } from './client/member-name.ts'
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
