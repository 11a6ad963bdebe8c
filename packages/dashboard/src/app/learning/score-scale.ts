/** A number with its sign, to one place: `+3.2`, `−1.0`. */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(1)
  return `${value < 0 ? '−' : '+'}${text}`
}

/** A share as per cent; a dash where nothing is known. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`
}

/** A number to one place; a dash where nothing is known. */
export function one(value: number | null): string {
  return value === null ? '–' : value.toFixed(1)
}

/**
 * Where the middle and the ends of an interval lie between two bounds that hold all of them and nought, in hundredths of
 * the width.
 */
export function intervalScale(intervals: readonly (readonly [low: number, high: number])[]): {
  readonly low: number
  readonly high: number
  at(value: number): number
} {
  const ends = [0, ...intervals.flat()]
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const pad = Math.max((high - low) * 0.06, 1)
  const [from, to] = [low - pad, high + pad]
  return { low: from, high: to, at: (value) => ((value - from) / (to - from)) * 100 }
}
