import { GovernanceError, type JsonObject, type JsonValue } from '@preceptor/client'
import type { ExpressionBudget } from '@preceptor/core/plugin'
import type { AgentStep, ApiCallStep, ApprovalStep, StepRetry } from '../client/workflow-definition.ts'
import { evaluateValue, type WorkflowContext } from '../definitions/evaluate-value.ts'
import { isObject } from '../definitions/expressions.ts'
import type { StepSettings, StepTrigger } from '../steps/step.ts'
import { APPROVAL_ACTION, actionOf } from './actions-of-steps.ts'
import type { Walk } from './walk-state.ts'

const TIMEOUT_SECONDS = 300
const WAIT_SECONDS = 2
const SECOND_MS = 1_000

/**
 * What a step attempts, and how it is tried, with its values filled in.
 *
 * @throws GovernanceError `EXPRESSION_FAILED`
 */
export function attemptOf(
  { on: { plan, delegation }, budget }: Pick<Walk, 'on' | 'budget'>,
  step: AgentStep | ApiCallStep | ApprovalStep,
  context: WorkflowContext,
): { readonly trigger: StepTrigger; readonly settings: StepSettings } {
  const agent = step.agent ?? plan.definition.agent
  // What an agent does itself it does not do for another.
  const chain = delegation.filter((id) => id !== agent)
  const delegated = chain.length === 0 ? {} : { delegation: chain }
  switch (step.type) {
    case 'agent': {
      const { action, digest, args = {} } = step
      const trigger = {
        agent,
        action,
        args: objectOf(step.id, 'args', evaluateValue(args, context, budget)),
        startsRun: true,
      }
      return {
        trigger: { ...trigger, ...delegated, ...(digest === undefined ? {} : { digest }) },
        settings: settingsOf(step),
      }
    }
    case 'api_call': {
      const { method, url, headers, body } = step
      const filled = evaluateValue(
        { url, ...(headers && { headers }), ...(body === undefined ? {} : { body }) },
        context,
        budget,
      )
      const args = { method, ...objectOf(step.id, 'request', filled) }
      return {
        trigger: { agent, action: actionOf(step), args, startsRun: false, ...delegated },
        settings: settingsOf(step),
      }
    }
    case 'approval':
      return {
        trigger: { ...questionOf(step, context, budget), agent, ...delegated },
        settings: questionSettings(step),
      }
    default:
      return step satisfies never
  }
}

function questionOf(
  step: ApprovalStep,
  context: WorkflowContext,
  budget: ExpressionBudget,
): Omit<StepTrigger, 'agent'> {
  const question = evaluateValue(step.question, context, budget)
  const data = objectOf(step.id, 'data', evaluateValue(step.data ?? {}, context, budget))
  const text = typeof question === 'string' ? question : JSON.stringify(question)
  return { action: APPROVAL_ACTION, args: { question: text, data }, startsRun: false }
}

function questionSettings({ approvals = 1, expiresInSeconds }: ApprovalStep): StepSettings {
  const expiry = expiresInSeconds === undefined ? {} : { expiresInMs: expiresInSeconds * SECOND_MS }
  return { ...settingsOf({}), question: { approvals, ...expiry } }
}

function settingsOf({
  retry = {},
  timeoutSeconds = TIMEOUT_SECONDS,
}: {
  readonly retry?: StepRetry
  readonly timeoutSeconds?: number
}): StepSettings {
  const { attempts = null, waitSeconds = WAIT_SECONDS } = retry
  return { attempts, waitMs: waitSeconds * SECOND_MS, timeoutMs: timeoutSeconds * SECOND_MS }
}

function objectOf(step: string, name: string, value: JsonValue): JsonObject {
  if (isObject(value)) return value
  throw new GovernanceError('EXPRESSION_FAILED', { message: `${step}: what its ${name} give is no object.` })
}
