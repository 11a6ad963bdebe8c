import { GovernanceError } from '@preceptor/client'

/** The error for an agent that has no record at a capability. */
export function recordNotFound({
  agent,
  capability,
}: {
  readonly agent: string
  readonly capability: string
}): GovernanceError {
  return new GovernanceError('NOT_FOUND', { message: `The agent "${agent}" has no record at "${capability}".` })
}
