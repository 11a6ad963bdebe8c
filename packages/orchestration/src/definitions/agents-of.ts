import type { WorkflowDefinition } from '../client/workflow-definition.ts'
import { stepLists } from './located-steps.ts'

/** All agents in whose name a step of a definition may act, in the order of the alphabet. */
export function agentsOf(definition: WorkflowDefinition): readonly string[] {
  const named = stepLists(definition.steps).flatMap(({ steps }) =>
    steps.flatMap(({ step }) => ('agent' in step && step.agent !== undefined ? [step.agent] : [])),
  )
  return [...new Set([definition.agent, ...named])].sort()
}
