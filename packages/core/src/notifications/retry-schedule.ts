const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

// The schedule that Standard Webhooks recommends.
const WAITS_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]
const JITTER = 0.1

/**
 * Milliseconds until the attempt after this one (the first is 1), up to a tenth longer by `chance` (0 to 1), so that what
 * failed together does not come back together; null when it was the last.
 */
export function waitAfter(attempt: number, chance: number): number | null {
  const wait = WAITS_MS[attempt - 1]
  return wait === undefined ? null : Math.round(wait * (1 + JITTER * chance))
}
