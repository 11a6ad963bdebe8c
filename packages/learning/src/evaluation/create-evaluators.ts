import { GovernanceError } from '@preceptor/client'
import type { Evaluator } from './evaluation.ts'

/** The evaluators by name. */
export interface Evaluators {
  readonly names: readonly string[]
  /** That of the name; without one the first, null where there is none. @throws GovernanceError `OPTION_INVALID` for an unknown name. */
  evaluatorNamed(name?: string): Evaluator | null
}

/**
 * Makes the register of evaluators: `rubric` where one is given, first, and the own ones by their names.
 *
 * @throws GovernanceError `OPTION_INVALID` for an own evaluator without a name, named `rubric` or like another one.
 */
export function createEvaluators({
  rubric = null,
  own = [],
}: {
  readonly rubric?: Evaluator | null
  readonly own?: readonly Evaluator[]
}): Evaluators {
  const evaluators = new Map<string, Evaluator>(rubric === null ? [] : [['rubric', rubric]])
  for (const evaluator of own) {
    const { name } = evaluator
    if (name.trim() === '' || name === 'rubric' || evaluators.has(name)) {
      const message = `The evaluator "${name}" has no name, or one that is taken.`
      throw new GovernanceError('OPTION_INVALID', { message })
    }
    evaluators.set(name, evaluator)
  }
  return {
    names: [...evaluators.keys()],
    evaluatorNamed(name) {
      if (name === undefined) return [...evaluators.values()][0] ?? null
      const evaluator = evaluators.get(name)
      if (evaluator !== undefined) return evaluator
      throw new GovernanceError('OPTION_INVALID', { message: `The evaluator "${name}" is not registered.` })
    },
  }
}
