import { GovernanceError, type GrantMatcher } from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'

/**
 * Refuses a matcher that names the value of what the schema hides: nobody allows what nobody has seen, and everybody who
 * reads grants would read it.
 *
 * @throws GovernanceError `GRANT_REFUSED`.
 */
export function assertNothingHidden(
  { args }: GrantMatcher,
  { name: action, sensitivePaths }: Pick<ActionSpecification, 'name' | 'sensitivePaths'>,
): void {
  for (const [name, condition] of Object.entries(args)) {
    const isHidden = sensitivePaths.some(([step = '*']) => step === '*' || step === name)
    if (!isHidden || 'any' in condition) continue
    throw new GovernanceError('GRANT_REFUSED', {
      message: `The argument ${JSON.stringify(name)} of "${action}" is hidden: a grant names no value of it.`,
      hint: 'Let any value of it through, or leave the attempts to be approved one by one.',
    })
  }
}
