import type { Random } from './seeded-random.ts'

/** Draws one standard normal number (G. Box and M. Muller, 1958). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Draws one exponential number with mean 1: skewed to the right. */
export function drawExponential(random: Random): number {
  return -Math.log(1 - random())
}

/** Draws many. */
export function sample(size: number, draw: () => number): number[] {
  return Array.from({ length: size }, draw)
}

/** How often something holds, of so many tries. */
export function shareOf(tries: number, holds: () => boolean): number {
  let held = 0
  for (let index = 0; index < tries; index += 1) if (holds()) held += 1
  return held / tries
}
