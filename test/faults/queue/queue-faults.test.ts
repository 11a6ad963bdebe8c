import { describeWithPostgres } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { verifies } from '../../verifies.ts'
import type { QueueBackend, QueueFault } from './queue-plan.ts'
import { runQueueFaults } from './run-queue-faults.ts'

const ENTRIES = 50

describeWithPostgres('a short fault run of the supervised queue', () => {
  const runs: readonly (readonly [QueueBackend, readonly QueueFault[]])[] = [
    ['redis', ['kill-redis', 'kill', 'flush', 'restart-postgres']],
    ['postgres', ['kill', 'freeze', 'restart-postgres', 'terminate']],
  ]
  const title = 'runs each entry at most once and loses none, whatever falls, with workers woken by %s'
  it.each(runs)(
    verifies(['QUEUE-1', 'I-18', 'I-19', 'I-20'], title),
    async (backend, faults) => {
      const options = { entries: ENTRIES, backend, faults, slowMs: 900, withinMs: 60_000, progress: () => undefined }
      const result = await runQueueFaults(options)
      expect(result.violations).toEqual([])
      expect(Object.values(result.states).reduce((sum, count) => sum + count, 0)).toBe(ENTRIES)
      expect(result.states.completed).toBeGreaterThan(ENTRIES / 3)
      // Something was at work when its process died.
      expect(result.states.outcome_unknown).toBeGreaterThan(0)
      expect(Object.values(result.faults).reduce((sum, count) => sum + count, 0)).toBe(faults.length)
    },
    120_000,
  )
})
