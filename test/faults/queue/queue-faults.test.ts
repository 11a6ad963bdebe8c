import { describeWithPostgres } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { verifies } from '../../verifies.ts'
import { runQueueFaults } from './run-queue-faults.ts'

const ENTRIES = 200

describeWithPostgres('a short fault run of the supervised queue', () => {
  const title = 'runs each entry at most once and loses none while workers are killed and frozen and Redis is emptied'
  it(verifies(['QUEUE-1', 'I-18', 'I-19', 'I-20'], title), { timeout: 180_000 }, async () => {
    const result = await runQueueFaults({
      entries: ENTRIES,
      incidents: 5,
      seed: 20_261,
      withinMs: 120_000,
      progress: () => undefined,
    })
    expect(result.violations).toEqual([])
    expect(Object.values(result.states).reduce((sum, count) => sum + count, 0)).toBe(ENTRIES)
    expect(result.states.completed).toBeGreaterThan(ENTRIES / 2)
    // Something was at work when its process died.
    expect(result.states.outcome_unknown).toBeGreaterThan(0)
    expect(result.incidents).toEqual({ kill: 2, flush: 1, freeze: 1, 'kill-redis': 1 })
  })
})
