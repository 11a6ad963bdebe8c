import { rmSync } from 'node:fs'
import { runQueueFaults } from '../queue/run-queue-faults.ts'
import { runFaults } from '../run.ts'
import { type BuildCopy, copyBuild } from './copy-build.ts'
import type { Patch } from './patch.ts'

/** What came of one guard less. */
export interface SabotageResult {
  readonly patch: Patch
  /** The rule that noticed, with its words; null when nothing did. */
  readonly caughtBy: string | null
  readonly seconds: number
}

/** All runs of sabotage follow from it. */
export const SEED = 7
// A busy machine gets more rounds before it is said that nothing was noticed.
const SOME_ROUNDS = 4
const SOME_EFFECTS = 400
const MOST_ROUNDS = 8
const QUEUED = 12
const QUEUE_STRIKES = 0.25
const QUEUE_WITHIN_MS = 90_000

/** Takes off one guard after the other, and runs what must notice. */
export async function runSabotage(
  patches: readonly Patch[],
  progress: (line: string) => void,
): Promise<readonly SabotageResult[]> {
  const copy = copyBuild()
  const results: SabotageResult[] = []
  try {
    for (const patch of patches) {
      const result = await sabotage(copy, patch, progress)
      results.push(result)
      progress(`${patch.name}: ${result.caughtBy ?? 'NOT CAUGHT'} (${result.seconds.toFixed(0)} s)`)
    }
  } finally {
    copy.remove()
  }
  return results
}

async function sabotage(copy: BuildCopy, patch: Patch, progress: (line: string) => void): Promise<SabotageResult> {
  const restore = copy.apply(patch)
  const began = performance.now()
  try {
    const caughtBy = await runOf(patch, { programs: copy.programs, progress })
    return { patch, caughtBy, seconds: (performance.now() - began) / 1_000 }
  } finally {
    restore()
  }
}

async function runOf(
  { run, schema }: Patch,
  ports: { readonly programs: string; readonly progress: (line: string) => void },
): Promise<string | null> {
  const altered = schema === undefined ? {} : { schema }
  if (run.kind === 'queue') return runQueue({ ...ports, ...altered })
  const result = await runFaults({
    ...ports,
    seed: SEED,
    shape: run.shape,
    ...altered,
    isDone: ({ rounds, effects, violations }) =>
      violations.length > 0 || rounds >= MOST_ROUNDS || (rounds >= SOME_ROUNDS && effects >= SOME_EFFECTS),
  })
  rmSync(result.folder, { recursive: true })
  return summarize(result.violations)
}

/** The queue without faults from outside: its workers die by themselves, and one entry kills whoever runs it. */
async function runQueue(ports: Parameters<typeof runOf>[1] & { readonly schema?: string }): Promise<string | null> {
  const { violations } = await runQueueFaults({
    ...ports,
    entries: QUEUED,
    backend: 'postgres',
    faults: [],
    strikes: QUEUE_STRIKES,
    poison: true,
    withinMs: QUEUE_WITHIN_MS,
  })
  return violations.length === 0 ? null : violations.slice(0, 2).join(', ')
}

/** The rules that were broken, the most frequent first. */
function summarize(violations: readonly { readonly rule: string }[]): string | null {
  const counts = new Map<string, number>()
  for (const { rule } of violations) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  const sorted = [...counts].sort((one, other) => other[1] - one[1])
  return sorted.length === 0 ? null : sorted.map(([rule, count]) => `${rule} (${count})`).join(', ')
}
