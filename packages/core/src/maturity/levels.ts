import { GovernanceError, MATURITIES, type Maturity } from '@preceptor/client'

/** The end of the scale, in basis points. */
export const HIGHEST_CONFIDENCE = 10_000

/** Confidence of what is new, in basis points. */
export const STARTING_CONFIDENCE = 3_000

/** Lowest confidence of each band, in basis points; a band ends where the next begins. */
export const BANDS: Readonly<Record<Maturity, number>> = Object.freeze({
  student: 0,
  intern: 5_000,
  supervised: 7_000,
  autonomous: 9_000,
})

const RANKS: ReadonlyMap<string, number> = new Map(MATURITIES.map((maturity, rank) => [maturity, rank]))

/** Negative when the first is lower, positive when it is higher, 0 when they are the same. */
export function compareMaturity(left: Maturity, right: Maturity): number {
  return rankOf(left) - rankOf(right)
}

/** The lowest of some levels. */
export function minMaturity(first: Maturity, ...rest: readonly Maturity[]): Maturity {
  let lowest = first
  let lowestRank = rankOf(first)
  for (const maturity of rest) {
    const rank = rankOf(maturity)
    if (rank >= lowestRank) continue
    lowest = maturity
    lowestRank = rank
  }
  return lowest
}

/** The next lower level; undefined for a student. */
export function stepDown(maturity: Maturity): Maturity | undefined {
  return MATURITIES[rankOf(maturity) - 1]
}

/** The next higher level; undefined for an autonomous agent. */
export function stepUp(maturity: Maturity): Maturity | undefined {
  return MATURITIES[rankOf(maturity) + 1]
}

/**
 * The band of a confidence in basis points; 5,000, 7,000 and 9,000 belong to the upper one.
 *
 * @throws GovernanceError `FACT_INVALID` when it is no confidence.
 */
export function bandOf(confidence: number): Maturity {
  assertConfidence(confidence)
  if (confidence >= BANDS.autonomous) return 'autonomous'
  if (confidence >= BANDS.supervised) return 'supervised'
  return confidence >= BANDS.intern ? 'intern' : 'student'
}

/** The lowest confidence of the band of a level, in basis points. */
export function floorOf(maturity: Maturity): number {
  rankOf(maturity)
  return BANDS[maturity]
}

/** @throws GovernanceError `FACT_INVALID` for anything but a whole number of basis points from 0 to 10,000. */
export function assertConfidence(confidence: unknown): asserts confidence is number {
  if (Number.isInteger(confidence) && Number(confidence) >= 0 && Number(confidence) <= HIGHEST_CONFIDENCE) return
  throw new GovernanceError('FACT_INVALID', {
    message: `A confidence is a whole number from 0 to ${HIGHEST_CONFIDENCE}, not ${String(confidence)}.`,
  })
}

/** A level that is none must deny, not compare as lower or higher. */
function rankOf(maturity: Maturity): number {
  const rank = RANKS.get(maturity)
  if (rank !== undefined) return rank
  throw new GovernanceError('FACT_INVALID', { message: `There is no maturity ${JSON.stringify(maturity)}.` })
}
