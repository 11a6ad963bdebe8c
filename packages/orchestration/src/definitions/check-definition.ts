import { GovernanceError } from '@preceptor/client'
import type { DefinitionProblem, WorkflowDefinition } from '../client/workflow-definition.ts'
import { schemaProblems } from './check-schema.ts'
import { valueProblems } from './check-values.ts'
import { cycleProblems, nameProblems, reachProblems, targetProblems } from './check-ways.ts'
import { planOf } from './graph.ts'
import { stepLists } from './located-steps.ts'
import { parseDefinition } from './parse-definition.ts'
import { valuesOf } from './step-values.ts'

const MOST_PROBLEMS = 100

/** All that is wrong with a definition whose form is right, each with its place; 100 at most. */
export function checkDefinition(definition: WorkflowDefinition): readonly DefinitionProblem[] {
  const lists = stepLists(definition.steps)
  const plan = planOf(definition)
  const problems = [
    ...nameProblems(lists),
    ...targetProblems(lists),
    ...reachProblems(lists, plan),
    ...cycleProblems(lists, plan),
    ...valuesOf(definition).flatMap((value) => valueProblems(value, plan)),
    ...(definition.input === undefined ? [] : schemaProblems(definition.input)),
  ]
  return problems.slice(0, MOST_PROBLEMS)
}

/** Reads a definition from outside and checks it. */
export function definitionProblems(given: unknown): readonly DefinitionProblem[] {
  const { definition, problems } = parseDefinition(given)
  return definition === null ? problems : checkDefinition(definition)
}

/**
 * Reads a definition from outside.
 *
 * @throws GovernanceError `WORKFLOW_INVALID` with all problems in `details`.
 */
export function acceptDefinition(given: unknown): WorkflowDefinition {
  const parsed = parseDefinition(given)
  const problems = parsed.definition === null ? parsed.problems : checkDefinition(parsed.definition)
  if (parsed.definition !== null && problems.length === 0) return parsed.definition
  const [first] = problems
  throw new GovernanceError('WORKFLOW_INVALID', {
    message: `The definition has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}; ${
      first?.path || 'definition'
    }: ${first?.message ?? ''}`,
    details: { problems },
  })
}
