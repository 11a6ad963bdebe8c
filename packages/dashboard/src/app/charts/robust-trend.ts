/** A value at a time in milliseconds since the epoch. */
export interface TrendPoint {
  readonly at: number
  readonly value: number
}

/** Where a trend leads, with the range in which 8 of 10 courses like it would end. */
export interface Forecast {
  /** Change a day of the middle course. */
  readonly slopePerDay: number
  /** From the last point on, oldest first. */
  readonly points: readonly ForecastPoint[]
}

/** What is to be expected at a time. */
export interface ForecastPoint extends TrendPoint {
  readonly low: number
  readonly high: number
}

interface ForecastOptions {
  /** How far ahead, in milliseconds; never further than half of what was seen. */
  readonly aheadMs: number
  /** Values never leave these. */
  readonly least: number
  readonly most: number
}

const DAY_MS = 86_400_000
const FEWEST_POINTS = 8
const SHORTEST_MS = 3 * DAY_MS
/** Quantile of the normal distribution that leaves 10 % on each side. */
const Z_80 = 1.2816
const STEPS = 12

/**
 * Continues a series by the median of the slopes between all pairs of its points (Theil 1950; Sen, "Estimates of the
 * regression coefficient based on Kendall's tau", JASA 63, 1968), which a few odd points do not move. The 80 % band takes
 * Sen's interval of the slope, the order statistics at `(N ± 1.2816 sqrt(n(n-1)(2n+5)/18)) / 2` of the N = n(n-1)/2 slopes,
 * and the 10 % and 90 % quantiles of what the points are off the line. It starts at the last point.
 *
 * Null with fewer than 8 points or less than 3 days between the first and the last: that is no trend yet.
 */
export function forecastOf(points: readonly TrendPoint[], options: ForecastOptions): Forecast | null {
  const [first, last] = [points[0], points.at(-1)]
  if (points.length < FEWEST_POINTS || first === undefined || last === undefined) return null
  const spanMs = last.at - first.at
  const slopes = slopesOf(points)
  if (spanMs < SHORTEST_MS || slopes.length === 0) return null
  const middle = quantile(slopes, 0.5)
  const [low, high] = slopeRange(slopes, points.length)
  const offsets = points.map(({ at, value }) => value - (middle * (at - first.at)) / DAY_MS).sort(ascending)
  const center = quantile(offsets, 0.5)
  const [under, over] = [quantile(offsets, 0.1) - center, quantile(offsets, 0.9) - center]
  const within = (value: number): number => Math.min(options.most, Math.max(options.least, value))
  const aheadMs = Math.min(options.aheadMs, spanMs / 2)
  const forecast = Array.from({ length: STEPS + 1 }, (_, step) => {
    const days = (aheadMs * step) / STEPS / DAY_MS
    return {
      at: last.at + days * DAY_MS,
      value: within(last.value + middle * days),
      low: within(last.value + low * days + (step === 0 ? 0 : under)),
      high: within(last.value + high * days + (step === 0 ? 0 : over)),
    }
  })
  return { slopePerDay: middle, points: forecast }
}

/** When a forecast reaches a value from below; null when it does not. */
export function reachedAt({ points }: Forecast, value: number): number | null {
  const [first] = points
  if (first === undefined || first.value >= value) return null
  return points.find((point) => point.value >= value)?.at ?? null
}

/** Slopes a day between all pairs of points of different times, ascending. */
function slopesOf(points: readonly TrendPoint[]): readonly number[] {
  return points
    .flatMap((left, index) =>
      points.slice(index + 1).flatMap((right) => {
        const days = (right.at - left.at) / DAY_MS
        return days > 0 ? [(right.value - left.value) / days] : []
      }),
    )
    .sort(ascending)
}

function slopeRange(slopes: readonly number[], n: number): readonly [low: number, high: number] {
  const width = Z_80 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
  const last = slopes.length - 1
  const low = slopes[Math.max(0, Math.floor((slopes.length - width) / 2) - 1)] ?? 0
  const high = slopes[Math.min(last, Math.ceil((slopes.length + width) / 2))] ?? 0
  return [low, high]
}

/** Of ascending values, between neighbours by proportion. */
function quantile(values: readonly number[], share: number): number {
  const place = (values.length - 1) * share
  const below = values[Math.floor(place)] ?? 0
  const above = values[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}

function ascending(left: number, right: number): number {
  return left - right
}
