import { assertWithin } from './assert-numbers.ts'
import { bootstrapInterval, LEAST_DIFFERENCES } from './bootstrap-interval.ts'
import { mean } from './describe.ts'
import type { Interval } from './interval.ts'
import type { Random } from './seeded-random.ts'
import { type Alternative, signTest } from './sign-test.ts'
import type { TooFew } from './too-few.ts'

/** The scores of one case before and after, 0 to 100. */
export interface PairedScores {
  readonly before: number
  readonly after: number
}

/** How pairs are tested. */
export interface PairedTestOptions {
  /** The source of randomness of the interval; the same numbers give the same interval. */
  readonly random: Random
  /** Of the interval: 0.95 when left out. */
  readonly level?: number
  /** What p asks: `two-sided` when left out. */
  readonly alternative?: Alternative
}

/** What pairs of scores say, or that there are too few of them to say anything. */
export type PairedTest =
  | {
      readonly outcome: 'tested'
      /** Pairs, those without a difference included. */
      readonly n: number
      /** Mean score before, 0 to 100. */
      readonly before: number
      /** Mean score after, 0 to 100. */
      readonly after: number
      /** Mean difference in points, -100 to 100. */
      readonly improvement: number
      readonly wins: number
      readonly losses: number
      readonly ties: number
      /** Of the exact sign test over wins and losses. */
      readonly p: number
      readonly alternative: Alternative
      /** For the improvement, in points. */
      readonly interval: Interval
      /** Of the interval. */
      readonly level: number
      /** Where p and the interval come from. */
      readonly method: 'exact sign test, expanded BCa bootstrap'
    }
  | TooFew

/**
 * Compares the scores of the same cases before and after: {@link signTest} for p, {@link bootstrapInterval} for the
 * interval of the mean difference. Fewer than 5 pairs are too few, and there is no p.
 *
 * @throws GovernanceError `INPUT_INVALID` for a score that is not from 0 to 100, or a level that is not between 0 and
 *   1.
 *
 * @example
 * ```ts
 * const scores = [62, 55, 70, 48, 66, 59].map((before) => ({ before, after: before + 18 }))
 * const test = pairedTest(scores, { random: seededRandom('playbook_version_7') })
 * if (test.outcome === 'tested' && test.interval.low > 0 && test.p < 0.05) console.log(test.improvement)
 * ```
 */
export function pairedTest(pairs: readonly PairedScores[], options: PairedTestOptions): PairedTest {
  const { random, level = 0.95, alternative = 'two-sided' } = options
  pairs.forEach(({ before, after }, index) => {
    assertWithin(before, `pairs[${index}].before`, SCORES)
    assertWithin(after, `pairs[${index}].after`, SCORES)
  })
  const differences = pairs.map(({ before, after }) => after - before)
  const interval = bootstrapInterval(differences, { level, random })
  const before = mean(pairs.map((pair) => pair.before))
  const after = mean(pairs.map((pair) => pair.after))
  const improvement = mean(differences)
  if (interval.outcome === 'too_few' || before === undefined || after === undefined || improvement === undefined) {
    return { outcome: 'too_few', n: pairs.length, needed: LEAST_DIFFERENCES }
  }
  const { wins, losses, ties, p } = signTest(differences, alternative)
  return {
    outcome: 'tested',
    n: pairs.length,
    before,
    after,
    improvement,
    wins,
    losses,
    ties,
    p,
    alternative,
    interval: { low: interval.low, high: interval.high },
    level,
    method: 'exact sign test, expanded BCa bootstrap',
  }
}

const SCORES: Interval = { low: 0, high: 100 }
