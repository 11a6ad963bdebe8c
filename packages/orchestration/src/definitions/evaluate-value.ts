import { GovernanceError, type JsonObject, type JsonValue } from '@preceptor/client'
import { assertJsonObject, type ExpressionBudget, expressionBudget } from '@preceptor/core/plugin'
import type { WorkflowValue } from '../client/workflow-definition.ts'
import { storableJson } from '../faults/storable-json.ts'
import { expressionIn, isObject, secretIn, workflowExpression } from './expressions.ts'

/** What a run knows when a value is evaluated. */
export interface WorkflowContext {
  readonly input: JsonObject
  /** Outputs of the steps that succeeded, by id. */
  readonly steps: JsonObject
  /** `code` and `message` of the steps that failed, by id. */
  readonly failures: JsonObject
  /** `id`, `workflow`, `version`, `startedBy`, `startedAt`. */
  readonly run: JsonObject
}

/**
 * Evaluates a value: each `{ "$cel": "…" }` becomes what the expression gives, `{ "$secret": "…" }` stays. All expressions of
 * the value together, and of whatever else is evaluated under the same budget, take no more work than it has, by default that
 * of one expression. The result has at most 256 kB and 32 levels; U+FFFD stands for what the database cannot store.
 *
 * @throws GovernanceError `EXPRESSION_FAILED`
 */
export function evaluateValue(
  value: WorkflowValue,
  context: WorkflowContext,
  budget: ExpressionBudget = expressionBudget(),
): JsonValue {
  const evaluated = fill(value, context, budget)
  if (evaluated === null || typeof evaluated === 'boolean' || typeof evaluated === 'number') return evaluated
  try {
    // Of what is too deep there is no such copy, and it is refused.
    const storable = storableJson(evaluated, (text) => text) ?? evaluated
    return assertJsonObject({ value: storable }, { name: 'the value', maxDepth: 33 }).value ?? null
  } catch (cause) {
    const why = GovernanceError.isInstance(cause) ? cause.message : 'the value is no JSON.'
    throw new GovernanceError('EXPRESSION_FAILED', {
      message: `What the expressions gave cannot be kept: ${why}`,
      cause,
    })
  }
}

/**
 * Whether the expression of a condition holds. Under one budget, several take no more work together than it has, by default
 * that of one expression.
 *
 * @throws GovernanceError `EXPRESSION_FAILED`, also for anything but true and false.
 */
export function evaluateWhen(
  when: string,
  context: WorkflowContext,
  budget: ExpressionBudget = expressionBudget(),
): boolean {
  const result = workflowExpression(when).evaluate({ ...context }, budget)
  if (typeof result === 'boolean') return result
  throw new GovernanceError('EXPRESSION_FAILED', {
    message: `The expression ${JSON.stringify(when)} gave neither true nor false.`,
  })
}

function fill(value: WorkflowValue, context: WorkflowContext, budget: ExpressionBudget): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  const source = expressionIn(value)
  if (source !== undefined) return workflowExpression(source).evaluate({ ...context }, budget)
  if (secretIn(value) !== undefined) return value
  if (!isObject(value)) return [...(value as readonly JsonValue[])].map((item) => fill(item, context, budget))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, context, budget)]))
}
