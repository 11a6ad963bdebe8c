/** Times that lie in one step: how many, and their sum in seconds. */
export interface Step {
  readonly step: number
  readonly count: number
  readonly seconds: number
}

/**
 * The time below which a share of times lies, in seconds; null of none. A step stands for the mean of what lies in it, so that the
 * answer is off by less than a tenth, and exact where the times of a step are equal. `between` interpolates between two
 * neighbours, `nearest` takes the nearest rank.
 */
export function quantileOf(steps: readonly Step[], share: number, by: 'between' | 'nearest'): number | null {
  const some = steps.filter(({ count }) => count > 0).toSorted((one, other) => one.step - other.step)
  const total = some.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return null
  if (by === 'nearest') return at(some, Math.max(0, Math.ceil(share * total) - 1))
  const place = share * (total - 1)
  const [low, high] = [at(some, Math.floor(place)), at(some, Math.ceil(place))]
  return low + (high - low) * (place - Math.floor(place))
}

/** The time of the nth in order, from 0 on. */
function at(steps: readonly Step[], index: number): number {
  let passed = 0
  for (const { count, seconds } of steps) {
    passed += count
    if (index < passed) return seconds / count
  }
  return 0
}
