/** A change of confidence that is asked for, and what was gained before it; basis points. */
export interface Gain {
  readonly requested: number
  /** By the agent in the last 24 hours, from whomever. */
  readonly gained: number
  /** By the agent in the last 24 hours through each person who vouches for this one. */
  readonly gainedThrough: readonly number[]
  /** A completed training session: no person's word, so that no person's share limits it. */
  readonly isTraining: boolean
}

/** How far back what was gained counts towards the caps, in milliseconds. */
export const GAIN_WINDOW_MS = 86_400_000

const MOST_A_DAY = 2_500
const MOST_THROUGH_ONE = 1_000

/**
 * How much of a gain counts under the promotion policy `earned`: at most 2,500 basis points a day for an agent, and
 * 1,000 through one reviewer. Losses are never capped.
 */
export function capGain({ requested, gained, gainedThrough, isTraining }: Gain): number {
  if (requested <= 0) return requested
  const through = isTraining ? [] : gainedThrough.map((before) => MOST_THROUGH_ONE - before)
  return Math.max(0, Math.min(requested, MOST_A_DAY - gained, ...through))
}
