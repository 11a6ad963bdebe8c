import { countWords } from '../report.ts'
import { planQueueFaults } from './queue/queue-plan.ts'
import { type QueueFaultOptions, runQueueFaults } from './queue/run-queue-faults.ts'

const SHOWN = 10
const ENTRIES_PER_FAULT = 70
const QUEUE_WITHIN_MS = 600_000

/** The supervised queue alone, woken by Redis and then by Postgres, with a fault for every seventy entries. */
export async function mainOfQueue(run: Pick<QueueFaultOptions, 'entries' | 'progress'>): Promise<number> {
  let found = 0
  for (const backend of ['redis', 'postgres'] as const) {
    const planned = planQueueFaults(backend, Math.ceil(run.entries / ENTRIES_PER_FAULT))
    const result = await runQueueFaults({ ...run, backend, faults: planned, withinMs: QUEUE_WITHIN_MS })
    const { states, faults, effects, violations, seconds } = result
    const lines = [
      `woken by ${backend}: ${countWords(states)}`,
      ...violations.slice(0, SHOWN).map((violation) => `violation: ${violation}`),
      `faults: ${countWords(faults)}; effects: ${effects}, violations: ${violations.length}, in ${seconds.toFixed(0)} s`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
    found += violations.length
  }
  return found === 0 ? 0 : 1
}
