/** What one hour is held against. */
export interface PastHours {
  /** Counts of the hours in which there was anything, whichever they were. */
  readonly all: readonly number[]
  /** Of these, the hours at the same time of the day. */
  readonly sameHour: readonly number[]
  /** Of these, the hours at the same time of the week. */
  readonly sameWeekHour: readonly number[]
}

/** When an hour is far from the past. */
export interface UnusualRule {
  /** How many deviations above its past it is at least. */
  readonly deviations: number
  /** Counted at least in the hour itself. */
  readonly count: number
  /** Hours with anything in them that the past needs. */
  readonly hours: number
}

/** How far an hour is from the past. */
export interface Unusual {
  readonly count: number
  /** What such an hour has as a rule. */
  readonly usual: number
  readonly deviations: number
}

// The median absolute deviation of a normal variable is 0.6745 standard deviations (Iglewicz and Hoaglin, How to Detect and Handle
// Outliers, 1993).
const PER_DEVIATION = 0.6745

/**
 * Says whether the count of an hour lies far above what its past has shown; undefined when it does not, or when there is too
 * little of a past. Counts are compared by their square roots, `2 sqrt(x + 3/8)`, on whose scale a Poisson count deviates
 * by 1 whatever its mean is (F. J. Anscombe, The transformation of Poisson, binomial and negative-binomial data,
 * Biometrika 35, 1948). The past is its median with its median absolute deviation, which hours that were unusual
 * themselves hardly move; no count deviates by less than a Poisson count does. The level is the highest of what is usual
 * at all, at that time of the day and at that time of the week, so that what runs every night or every Monday is nothing new;
 * hours without anything show nothing of a load and are left out.
 */
export function unusualHour(count: number, past: PastHours, rule: UnusualRule): Unusual | undefined {
  if (count < rule.count || past.all.length < rule.hours) return undefined
  const root = rootOf(count)
  const ofItsTime = Math.max(medianOf(past.sameHour.map(rootOf)), medianOf(past.sameWeekHour.map(rootOf)))
  // No deviation is less than 1, and the level is no lower: most hours end here.
  if (root - ofItsTime < rule.deviations) return undefined
  const all = past.all.map(rootOf)
  const middle = medianOf(all)
  const level = Math.max(middle, ofItsTime)
  const spread = medianOf(all.map((one) => Math.abs(one - middle))) / PER_DEVIATION
  // A median of n samples deviates by sqrt(pi / 2n) of what one sample does.
  const deviation = Math.max(1, spread) * Math.sqrt(1 + Math.PI / (2 * all.length))
  const deviations = (root - level) / deviation
  if (deviations < rule.deviations) return undefined
  return { count, usual: Math.max(0, Math.round((level / 2) ** 2 - 3 / 8)), deviations }
}

function rootOf(count: number): number {
  return 2 * Math.sqrt(count + 3 / 8)
}

/** The median; minus infinity of nothing, which is no level. */
function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  return upper === undefined || lower === undefined ? Number.NEGATIVE_INFINITY : (lower + upper) / 2
}
