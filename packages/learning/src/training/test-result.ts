import type { PairedResult } from '../client/training.ts'
import { pairedTest } from '../statistics/paired-test.ts'
import { seededRandom } from '../statistics/seeded-random.ts'
import type { Trial } from '../trials/trial.ts'

/** What the trials of a run say together; null where there were none. `seed` settles the interval. */
export function testResult(trials: readonly Trial[], seed: string): PairedResult | null {
  const pairs = trials.flatMap(({ state, scoreA, scoreB }) =>
    state === 'scored' && scoreA !== null && scoreB !== null ? [{ before: scoreA, after: scoreB }] : [],
  )
  if (trials.length === 0) return null
  const test = pairedTest(pairs, { random: seededRandom(seed) })
  if (test.outcome === 'too_few') return { state: 'too_few', cases: test.n, needed: test.needed }
  const { n, before, after, improvement, p, interval } = test
  return {
    state: 'tested',
    cases: n,
    unscored: trials.length - n,
    before,
    after,
    improvement,
    p,
    interval: [interval.low, interval.high],
  }
}
