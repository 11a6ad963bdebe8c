import type { Maturity } from '@preceptor/client'
import type { Evidence } from './evidence.ts'
import { bandOf, compareMaturity, floorOf, minMaturity, stepDown, stepUp } from './levels.ts'

// Below the band by this much, the level is lost; the gap keeps an agent at a boundary from going to and fro.
const TOLERANCE = 500

/** Where an agent stands after a fact was counted. */
export interface Standing {
  readonly maturity: Maturity
  /** Basis points, the fact included. */
  readonly confidence: number
}

/**
 * The level that follows from a counted fact under the promotion policy `bands`: one step up when the confidence has
 * crossed into a higher band, down to the band when it has fallen well below its own, and at least one step down after
 * an incident, whatever the confidence.
 */
export function levelByBands({ maturity, confidence }: Standing, evidence: Evidence): Maturity {
  if (evidence.kind === 'incident') return minMaturity(stepDown(maturity) ?? maturity, bandOf(confidence))
  return levelByConfidence({ maturity, confidence })
}

/** The same where nothing was counted: what the confidence alone says of the level. */
export function levelByConfidence({ maturity, confidence }: Standing): Maturity {
  const band = bandOf(confidence)
  if (compareMaturity(band, maturity) > 0) return stepUp(maturity) ?? maturity
  return confidence < floorOf(maturity) - TOLERANCE ? band : maturity
}
