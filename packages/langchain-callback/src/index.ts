export type { AgentRuntime } from './agent-runtime.ts'
export type { AnswerProblem, ApprovalRequest } from './approvals/approval-request.ts'
export { type Continued, continueThread, type ThreadAgent } from './approvals/continue-thread.ts'
export type { AllowedDecision, InterruptOn, InterruptOnConfig, ReviewerFromResume } from './approvals/interrupt-on.ts'
export { governTools } from './govern-tools.ts'
export { GovernanceCallbackHandler, type GovernanceCallbackHandlerOptions } from './governance-callback-handler.ts'
export { type GovernanceMiddlewareOptions, governanceMiddleware } from './governance-middleware.ts'
export type { GovernanceOptions, ToolAction } from './options.ts'
export { type PlaybookMiddlewareOptions, playbookMiddleware } from './playbooks/playbook-middleware.ts'
export { guardedCall } from './supervision/guarded-call.ts'
export {
  type AnsweringRunnable,
  type TraineeFromRunnableOptions,
  type TraineeRunConfig,
  traineeFromRunnable,
} from './training/trainee-from-runnable.ts'
