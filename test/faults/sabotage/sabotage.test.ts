import { describeWithPostgres } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { verifies } from '../../verifies.ts'
import { PATCHES } from './patches.ts'
import { runSabotage } from './run-sabotage.ts'

const SOME = ['no-journal-row', 'no-idempotency-key']

describeWithPostgres('a fault run of a product with one guard less', () => {
  const title = 'fails, whichever of some guards is missing'
  it(verifies(['FAULT-2'], title), { timeout: 240_000 }, async () => {
    const some = PATCHES.filter(({ name }) => SOME.includes(name))
    const results = await runSabotage(some, () => undefined)
    expect(results.filter(({ caughtBy }) => caughtBy === null).map(({ patch }) => patch.name)).toEqual([])
    expect(results).toHaveLength(SOME.length)
  })
})
