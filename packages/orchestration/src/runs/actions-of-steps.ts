import { apiActionOf } from '../api-calls/api-actions.ts'
import type { AgentStep, ApiCallStep, ApprovalStep } from '../client/workflow-definition.ts'

/** The action that asks people. */
export const APPROVAL_ACTION = 'workflow.approval'

/** Name of the action that a step attempts. */
export function actionOf(step: AgentStep | ApiCallStep | ApprovalStep): string {
  if (step.type === 'agent') return step.action
  return step.type === 'api_call' ? apiActionOf(step.method) : APPROVAL_ACTION
}
