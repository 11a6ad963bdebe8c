/** Gives the next number of a sequence, uniform in [0, 1). */
export type Random = () => number

// FNV-1a, 32 bits (Fowler, Noll, Vo).
const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

/**
 * A sequence of numbers in [0, 1) that is the same for the same seed: what was computed with it can be computed again.
 * For resampling only; it keeps no secret.
 *
 * A text, such as the id of an experiment, becomes a number by FNV-1a; the generator is mulberry32 (T. Ettinger), with
 * a period of 2^32.
 *
 * @example
 * ```ts
 * const random = seededRandom('playbook_version_7')
 * random() === seededRandom('playbook_version_7')() // true
 * ```
 */
export function seededRandom(seed: number | string): Random {
  let state = typeof seed === 'number' ? seed : hash(seed)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function hash(text: string): number {
  let value = OFFSET
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, PRIME)
  return value
}
