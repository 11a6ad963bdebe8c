import { duration } from '../data/format.ts'

/** How long something took; below a minute as exactly as it helps. */
export function lengthText(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : duration(ms)
}
