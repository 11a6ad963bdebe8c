import { GovernanceError } from '@preceptor/client'
import { toDatabaseFault } from '../database/database-error.ts'

/** Any error as one with a code: what nobody foresaw is `INTERNAL`, and denies like every other fault. */
export function toFault(error: unknown): GovernanceError {
  const fault = toDatabaseFault(error)
  return GovernanceError.isInstance(fault) ? fault : new GovernanceError('INTERNAL', { cause: fault })
}
