import { sha256Hex } from '../kernel/canonical-json.ts'

const RANGE = 2 ** 32

/**
 * Whether an approval is left to people to measure the reviewer. The id of the review tells, which the reviewer never
 * sees: nobody can tell beforehand, and anybody can check it afterwards.
 */
export function isSampled(reviewId: string, share: number): boolean {
  return Number.parseInt(sha256Hex(reviewId).slice(0, 8), 16) / RANGE < share
}
