/** An interval that holds the true share, 95 times of 100. */
export interface Interval {
  readonly low: number
  readonly high: number
}

// The 97.5 % point of the normal distribution.
const Z = 1.959963984540054

/**
 * The Wilson score interval of 95 % for `count` of `of`: true to its width for few and for extreme counts, too (E. B.
 * Wilson, 1927). Of nothing it is everything.
 */
export function wilsonInterval(count: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 }
  const share = count / of
  const spread = Z ** 2 / of
  const center = (share + spread / 2) / (1 + spread)
  const half = (Z / (1 + spread)) * Math.sqrt((share * (1 - share)) / of + spread / (4 * of))
  return { low: count === 0 ? 0 : center - half, high: count === of ? 1 : center + half }
}
