import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGovernor } from '@preceptor/core'
import { createTestDatabase } from '@preceptor/test-setup'
import fc from 'fast-check'
import { attempting, claiming, matchingAny, proposing, reporting, runningRegistered } from './attempts.ts'
import { checkSequence } from './check-sequence.ts'
import type { ModelCommand } from './command.ts'
import {
  approving,
  approvingWell,
  cancelling,
  containing,
  ending,
  passing,
  resolving,
  restoring,
  ruling,
  shifting,
  working,
} from './decisions.ts'
import { type Lane, openLane, scopeOf } from './lane.ts'
import { startSequence } from './sequence.ts'
import type { Model } from './state.ts'

/** What a run of the model is asked for. */
export interface ModelRunOptions {
  readonly seed: number
  /** Sequences in all. */
  readonly runs: number
  /** Lanes that run at the same time. */
  readonly lanes: number
  readonly progress?: (line: string) => void
}

/** What a run of the model came to. */
export interface ModelRunResult {
  readonly sequences: number
  readonly commands: number
  readonly effects: number
  readonly proposals: number
  /** How many proposals ended in each state. */
  readonly ends: Readonly<Record<string, number>>
}

// Approvals and attempts come more often than what gets in their way, or few sequences would come to a run.
const COMMANDS: readonly (readonly [weight: number, command: fc.Arbitrary<ModelCommand>])[] = [
  [2, proposing],
  [2, matchingAny],
  [3, approving],
  [8, approvingWell],
  [10, attempting],
  [3, claiming],
  [2, reporting],
  [3, runningRegistered],
  [1, ending],
  [1, cancelling],
  [1, resolving],
  [2, passing],
  [2, working],
  [1, containing],
  [2, restoring],
  [1, shifting],
  [1, ruling],
]
// What is asked for first, so that every command after it has something to act on.
const SEQUENCES: fc.Arbitrary<readonly ModelCommand[]> = fc
  .tuple(
    fc.array(proposing, { minLength: 1, maxLength: 2 }),
    fc.array(fc.oneof(...COMMANDS.map(([weight, arbitrary]) => ({ weight, arbitrary }))), {
      minLength: 8,
      maxLength: 20,
      size: 'max',
    }),
  )
  .map(([first, rest]) => [...first, ...rest])

type Counts = { -readonly [Key in keyof ModelRunResult]: ModelRunResult[Key] } & { ends: Record<string, number> }

/** Runs sequences of commands on a fresh database of the Postgres at `DATABASE_URL`; throws at the first that differs. */
export async function runModel({ seed, runs, lanes, progress }: ModelRunOptions): Promise<ModelRunResult> {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-model-'))
  const database = await createTestDatabase()
  const counts: Counts = { sequences: 0, commands: 0, effects: 0, proposals: 0, ends: {} }
  try {
    await (await createGovernor({ database: database.url, migrate: true, report: () => undefined })).close()
    let hasFailed = false
    const isWanted = (): boolean => !hasFailed
    const running = await Promise.allSettled(
      Array.from({ length: lanes }, async (_, index) => {
        const oracle = join(folder, `oracle-${index}.jsonl`)
        const lane = await openLane({ databaseUrl: database.url, workspace: `lane-${index}`, oracle })
        const numRuns = Math.ceil(runs / lanes)
        const options = { seed: seed + index, numRuns, counts, isWanted, ...(progress && { progress }) }
        try {
          await runLane(lane, options)
        } catch (error) {
          hasFailed = true
          throw error
        } finally {
          await lane.close()
        }
      }),
    )
    for (const lane of running) if (lane.status === 'rejected') throw lane.reason
    return counts
  } finally {
    await database.drop()
    rmSync(folder, { recursive: true })
  }
}

const TOLD_EVERY = 500

async function runLane(
  lane: Lane,
  options: {
    readonly seed: number
    readonly numRuns: number
    readonly counts: Counts
    /** No more once another lane has failed. */
    readonly isWanted: () => boolean
    readonly progress?: (line: string) => void
  },
): Promise<void> {
  const { seed, numRuns, counts, isWanted, progress } = options
  const property = fc.asyncProperty(SEQUENCES, async (sequence) => {
    if (!isWanted()) return
    // One Oracle for each sequence, so that reading it does not take longer and longer.
    writeFileSync(lane.oracle, '')
    const { model, real } = await startSequence(lane)
    await fc.asyncModelRun(() => ({ model, real }), sequence)
    counts.effects += (await checkSequence(model, real)).effects
    await restore(lane, model)
    count(counts, model, real.turn)
    if (counts.sequences % TOLD_EVERY === 0) progress?.(`${counts.sequences} sequences, ${counts.effects} effects`)
  })
  await fc.assert(property, { seed, numRuns })
}

async function restore(lane: Lane, { lostMembers }: Model): Promise<void> {
  for (const user of lostMembers) {
    await scopeOf(lane, 0, 'root', 'admin').members.put(user, { displayName: user, roles: ['supervisor'] })
  }
}

function count(counts: Counts, { proposals }: Model, commands: number): void {
  counts.sequences += 1
  counts.commands += commands
  counts.proposals += proposals.length
  for (const { state } of proposals) counts.ends[state] = (counts.ends[state] ?? 0) + 1
}
