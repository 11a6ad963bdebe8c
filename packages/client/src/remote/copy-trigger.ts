import { GovernanceError } from '../errors/governance-error.ts'
import type { Trigger } from '../port/trigger.ts'
import { copyJsonObject } from './copy-json.ts'

/**
 * Takes a trigger as it is now; whether its parts are well formed is for the gate to say.
 *
 * @throws GovernanceError `INPUT_INVALID`, `BODY_TOO_DEEP`.
 */
export function copyTrigger(value: Trigger): Trigger {
  if (typeof value !== 'object' || value === null) throw invalid('it must be an object')
  const { args, context, ...rest } = value
  if (typeof rest.agent !== 'string') throw invalid('agent must be a text')
  if (typeof rest.action !== 'string') throw invalid('action must be a text')
  const given = Object.entries(rest).filter(([, part]) => part !== undefined)
  return {
    ...(structuredClone(Object.fromEntries(given)) as typeof rest),
    args: copyJsonObject(args, 'args'),
    ...(context === undefined ? {} : { context: copyJsonObject(context, 'context') }),
  }
}

function invalid(problem: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', { message: `The trigger is not valid: ${problem}.` })
}
