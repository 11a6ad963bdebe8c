import type { JsonObject } from '@preceptor/client'
import type { DefinitionProblem } from '@preceptor/orchestration/client'
import { type Path, pathOf, valueAt } from './definition-edit.ts'

interface Written {
  /** What is edited, as it is now. */
  readonly definition: JsonObject
  /** What it began as. */
  readonly begin: JsonObject
  /** Places that somebody wrote at, whatever they hold by now. */
  readonly touched: ReadonlySet<string>
}

/**
 * What is said of a definition that is being written: of places that nobody wrote at yet, nothing. What is missing there is
 * no mistake before somebody tries to save it.
 */
export function shownProblems(
  problems: readonly DefinitionProblem[],
  { definition, begin, touched }: Written,
): readonly DefinitionProblem[] {
  return problems.filter(({ path }) => touched.has(path) || isChanged(definition, begin, pathOf(path)))
}

/** Problems in words: of what is only empty, that something is needed there. */
export function inWords(
  problems: readonly DefinitionProblem[],
  definition: JsonObject,
  needed: string,
): readonly DefinitionProblem[] {
  return problems.map((problem) => {
    const value = valueAt(definition, pathOf(problem.path))
    const isEmpty = problem.code === 'malformed' && (value === undefined || value === '')
    return isEmpty ? { ...problem, message: needed } : problem
  })
}

function isChanged(definition: JsonObject, begin: JsonObject, path: Path): boolean {
  return JSON.stringify(valueAt(definition, path)) !== JSON.stringify(valueAt(begin, path))
}
