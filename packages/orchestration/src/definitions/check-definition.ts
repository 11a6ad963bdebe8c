import { GovernanceError } from '@preceptor/client'
import type { DefinitionProblem, WorkflowDefinition } from '../client/workflow-definition.ts'
import { schemaProblems } from './check-schema.ts'
import { valuesProblems } from './check-values.ts'
import { cycleProblems, nameProblems, reachProblems, targetProblems } from './check-ways.ts'
import { planOf } from './graph.ts'
import { stepLists } from './located-steps.ts'
import { MOST_PROBLEMS } from './most-problems.ts'
import { parseDefinition } from './parse-definition.ts'
import { valuesOf } from './step-values.ts'

/** All that is wrong with a definition whose form is right, each with its place; 100 at most. */
export function checkDefinition(definition: WorkflowDefinition): readonly DefinitionProblem[] {
  const problems: DefinitionProblem[] = []
  for (const problem of allProblems(definition)) {
    problems.push(problem)
    if (problems.length >= MOST_PROBLEMS) break
  }
  return problems
}

/** Found one after the other, so that nothing is looked at once enough is wrong. */
function* allProblems(definition: WorkflowDefinition): Generator<DefinitionProblem> {
  const lists = stepLists(definition.steps)
  const plan = planOf(definition)
  yield* nameProblems(lists)
  yield* targetProblems(lists)
  yield* reachProblems(lists, plan)
  yield* cycleProblems(lists, plan)
  yield* valuesProblems(valuesOf(definition), plan)
  if (definition.input !== undefined) yield* schemaProblems(definition.input)
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
