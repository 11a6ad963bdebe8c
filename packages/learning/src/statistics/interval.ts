/** A closed interval, in the unit of what it speaks of. */
export interface Interval {
  readonly low: number
  readonly high: number
}
