import type { JsonObject, JsonValue } from '@preceptor/client'
import type { WorkflowDefinition, WorkflowStep } from '@preceptor/orchestration/client'

/**
 * A definition whose steps and branches stand under their names, with their order beside them: two versions of it differ
 * where somebody changed something, not wherever a step moved by one place.
 */
export function keyedDefinition({ steps, ...rest }: WorkflowDefinition): JsonObject {
  return { ...(rest as unknown as JsonObject), ...keyedSteps(steps) }
}

function keyedSteps(steps: readonly WorkflowStep[]): JsonObject {
  return {
    order: steps.map(({ id }) => id).join(' → '),
    steps: Object.fromEntries(steps.map((step) => [step.id, keyedStep(step)])),
  }
}

function keyedStep(step: WorkflowStep): JsonValue {
  if (step.type !== 'parallel') return step as unknown as JsonObject
  const { branches, ...rest } = step
  return {
    ...(rest as unknown as JsonObject),
    branches: Object.fromEntries(
      branches.map(({ name, steps, ...branch }) => [name, { ...branch, ...keyedSteps(steps) }]),
    ),
  }
}
