import { randomInt } from 'node:crypto'
import { describeWithPostgres } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { runModel } from './run-model.ts'

const RUNS = Number(process.env.PRECEPTOR_MODEL_RUNS ?? 300)
const SOME_EFFECTS = RUNS / 4
const ENOUGH = 300

describeWithPostgres('sequences of what people, agents, jobs and crashes do to proposals', () => {
  const seed = Number(process.env.PRECEPTOR_TEST_SEED ?? randomInt(2 ** 31))

  it(
    verifies(['MODEL-1', 'I-2', 'I-4', 'I-6', 'I-7'], `end as a small model says, ${RUNS} of them (seed ${seed})`),
    async () => {
      const { sequences, effects, ends } = await runModel({ seed, runs: RUNS, lanes: 2 })
      expect(sequences).toBeGreaterThanOrEqual(RUNS)
      expect(effects).toBeGreaterThan(SOME_EFFECTS)
      // Every end of a proposal came about: sequences that never get anywhere show nothing.
      const seen = ['succeeded', 'failed', 'outcome_unknown', 'rejected', 'responded', 'expired', 'cancelled']
      if (RUNS >= ENOUGH) expect(Object.keys(ends).sort()).toEqual(seen.sort())
    },
    Math.max(480_000, RUNS * 960),
  )
})
