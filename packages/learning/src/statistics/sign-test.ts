import { assertFinite } from './assert-numbers.ts'

/** What a sign test asks: whether the differences are other than 0, larger (`greater`), or smaller (`less`). */
export type Alternative = 'two-sided' | 'greater' | 'less'

/** The result of a sign test. */
export interface SignTest {
  /** What the test counts: wins and losses. Ties say nothing about the direction and are dropped. */
  readonly n: number
  /** Differences above 0. */
  readonly wins: number
  /** Differences below 0. */
  readonly losses: number
  /** Differences of exactly 0. */
  readonly ties: number
  /** The exact probability of a result at least as extreme when wins and losses are equally likely; 1 for n = 0. */
  readonly p: number
}

/**
 * The exact sign test of paired differences (after minus before).
 *
 * Under the hypothesis of no difference the wins are binomial with n = wins + losses and one half: `greater` gives `P(W
 * >= wins)`, `less` gives `P(W <= wins)`, two-sided twice the smaller, 1 at most (J. Arbuthnot, 1710; W. J. Conover,
 * Practical Nonparametric Statistics, 3.4). It is R's `binom.test(wins, n)`. It assumes nothing of the size of the
 * differences, only that they are independent. With 5 pairs the least two-sided p is 0.0625.
 *
 * @throws GovernanceError `INPUT_INVALID` when a difference is no finite number.
 *
 * @example
 * ```ts
 * signTest([4, 9, 1, 3, 7, 2, 5, -1, 0]) // { n: 8, wins: 7, losses: 1, ties: 1, p: 0.0703125 }
 * ```
 */
export function signTest(differences: readonly number[], alternative: Alternative = 'two-sided'): SignTest {
  assertFinite(differences, 'differences')
  const wins = differences.filter((difference) => difference > 0).length
  const losses = differences.filter((difference) => difference < 0).length
  const n = wins + losses
  return { n, wins, losses, ties: differences.length - n, p: probability(wins, losses, alternative) }
}

function probability(wins: number, losses: number, alternative: Alternative): number {
  const n = wins + losses
  switch (alternative) {
    case 'greater':
      return atMost(losses, n)
    case 'less':
      return atMost(wins, n)
    case 'two-sided':
      return Math.min(1, 2 * atMost(Math.min(wins, losses), n))
    default:
      return alternative satisfies never
  }
}

// Sums beyond it are scaled down by it; a power of two, which costs no digit.
const LARGE = 2 ** 512
const LARGE_POWER = 512

/**
 * `P(Bin(n, 1/2) <= count)`: the sum of `choose(n, k)`, exact while it fits into 53 bits, over `2^n`. What is below
 * 5e-324 is 0.
 */
function atMost(count: number, n: number): number {
  // The larger tail from the smaller one, which has fewer terms.
  if (2 * count >= n) return count >= n ? 1 : 1 - atMost(n - count - 1, n)
  let power = n
  let term = 1
  let sum = 1
  for (let k = 1; k <= count; k += 1) {
    term = (term * (n - k + 1)) / k
    sum += term
    if (sum > LARGE) {
      term /= LARGE
      sum /= LARGE
      power -= LARGE_POWER
    }
  }
  // In two steps: one alone could vanish before it meets the sum.
  const half = Math.floor(power / 2)
  return sum * 2 ** -half * 2 ** (half - power)
}
