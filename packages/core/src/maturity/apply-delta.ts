import { GovernanceError } from '@preceptor/client'
import { assertConfidence } from './levels.ts'

/** What a requested change came to, in basis points. */
export interface AppliedDelta {
  readonly applied: number
  readonly confidence: number
}

/**
 * Adds a change to a confidence and keeps it within 0 and 10,000; what is cut off is in no sum.
 *
 * @throws GovernanceError `FACT_INVALID` when one of them is no whole number of basis points.
 */
export function applyDelta(confidence: number, requested: number): AppliedDelta {
  assertConfidence(confidence)
  if (!Number.isSafeInteger(requested)) {
    throw new GovernanceError('FACT_INVALID', {
      message: `A change of confidence is a whole number of basis points, not ${requested}.`,
    })
  }
  const sum = Math.min(10_000, Math.max(0, confidence + requested))
  return { applied: sum - confidence, confidence: sum }
}
