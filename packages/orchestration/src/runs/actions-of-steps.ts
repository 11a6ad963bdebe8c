import type { AgentStep, ApiCallStep, ApprovalStep } from '../client/workflow-definition.ts'

/** The action that asks people. */
export const APPROVAL_ACTION = 'workflow.approval'

// RFC 9110, 9.2.1 and 9.2.2: which methods are safe, and which idempotent.
const HTTP_ACTIONS = {
  GET: 'http.read',
  HEAD: 'http.read',
  PUT: 'http.replace',
  DELETE: 'http.replace',
  POST: 'http.send',
  PATCH: 'http.send',
} as const satisfies Record<ApiCallStep['method'], string>

/** Name of the action that a step attempts. */
export function actionOf(step: AgentStep | ApiCallStep | ApprovalStep): string {
  if (step.type === 'agent') return step.action
  return step.type === 'api_call' ? HTTP_ACTIONS[step.method] : APPROVAL_ACTION
}
