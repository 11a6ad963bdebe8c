import { rmSync } from 'node:fs'
import { describeWithPostgres } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { FAILPOINT_NAMES } from './failpoints.ts'
import { hitsOf, runFaults } from './run.ts'

const SEED = 20_260
// Rounds are short; a busy machine gets more of them before it is asked what came of it.
const MOST_ROUNDS = 6
const SOME_HITS = 12
const SOME_EFFECTS = 20

describeWithPostgres('a short fault run', () => {
  const title = 'breaks processes, connections and clocks, and finds no promise broken'
  it(verifies(['FAULT-1', 'I-4', 'I-30'], title), { timeout: 180_000 }, async () => {
    const struckIn = (hits: Parameters<typeof hitsOf>[0]): number =>
      FAILPOINT_NAMES.reduce((sum, name) => sum + hitsOf(hits, name), 0)
    const result = await runFaults({
      seed: SEED,
      progress: () => undefined,
      isDone: ({ rounds, effects, hits }) =>
        rounds >= MOST_ROUNDS || (effects >= SOME_EFFECTS && struckIn(hits) >= SOME_HITS),
    })
    expect(result.violations, `seed ${SEED}, histories in ${result.folder}`).toEqual([])
    expect(result.effects).toBeGreaterThanOrEqual(SOME_EFFECTS)
    expect(struckIn(result.hits)).toBeGreaterThanOrEqual(SOME_HITS)
    expect(result.faults).toBeGreaterThan(struckIn(result.hits))
    rmSync(result.folder, { recursive: true })
  })
})
