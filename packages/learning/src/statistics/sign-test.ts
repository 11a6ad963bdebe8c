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
 * Under the hypothesis of no difference the wins are binomial with n = wins + losses and one half: `greater` gives
 * `P(W >= wins)`, `less` gives `P(W <= wins)`, two-sided twice the smaller, 1 at most (J. Arbuthnot, 1710; W. J. Conover, Practical
 * Nonparametric Statistics, 3.4). It is R's `binom.test(wins, n)`. It assumes nothing of the size of the
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

/** `P(Bin(n, 1/2) <= count)`; summed from its last and largest term when the sum is the small tail, else from the other side. */
function atMost(count: number, n: number): number {
  if (count >= n) return 1
  if (2 * count >= n) return 1 - atMost(n - count - 1, n)
  let term = 1
  let sum = 1
  for (let below = count; below > 0 && term > 0; below -= 1) {
    term *= below / (n - below + 1)
    sum += term
  }
  return Math.exp(logChoose(n, count) - n * Math.LN2) * sum
}

function logChoose(n: number, count: number): number {
  let log = 0
  for (let step = 1; step <= count; step += 1) log += Math.log((n - count + step) / step)
  return log
}
