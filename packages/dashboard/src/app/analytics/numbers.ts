import { duration } from '../data/format.ts'

/** A share as people read it: `83 %`; small ones with a digit more. */
export function percent(share: number | null): string {
  if (share === null) return '—'
  const value = share * 100
  return `${value !== 0 && Math.abs(value) < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`
}

/** Seconds in their two largest units; tenths below ten seconds. */
export function seconds(value: number | null): string {
  if (value === null) return '—'
  return value < 10 ? `${Number(value.toFixed(1))} s` : duration(value * 1_000)
}

/** Days with a digit where that says something. */
export function days(value: number | null): string {
  return value === null ? '—' : `${Number(value.toFixed(value < 10 ? 1 : 0))} d`
}

/** A number with at most two digits after the point. */
export function plain(value: number | null): string {
  return value === null ? '—' : String(Number(value.toFixed(2)))
}

/** How a number stands to the one before: the sign of a change, or that there was nothing to compare. */
export type Direction = 'up' | 'down' | 'same' | 'new'

/** How a number stands to the one before. */
export function directionOf(value: number | null, before: number | null): Direction {
  if (value === null || before === null) return 'new'
  if (value === before) return 'same'
  return value > before ? 'up' : 'down'
}
