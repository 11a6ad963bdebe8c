import { randomInt } from 'node:crypto'
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { EMBEDDED_FAILPOINTS, type EmbeddedResult, killEmbedded } from './embedded.ts'
import { FAILPOINT_NAMES } from './failpoints.ts'
import { planQueueFaults } from './queue/queue-plan.ts'
import { type QueueFaultOptions, runQueueFaults } from './queue/run-queue-faults.ts'
import { type FaultRunResult, type FaultRunState, hitsOf, runFaults } from './run.ts'
import { PATCHES } from './sabotage/patches.ts'
import { runSabotage } from './sabotage/run-sabotage.ts'

const LEAST_HITS = 20
const LEAST_EFFECTS = 1_000
// A slow machine may take longer than it was asked to; a run that gets nowhere ends all the same.
const LONGEST = 5
const SHOWN = 10

/** `npm run faults -- --seed N --minutes M`, or `--queue N` for N entries of the supervised queue; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { seed, minutes, queue, sabotage } = readArguments(args)
  const progress = (line: string): void => void process.stderr.write(`faults: ${line}\n`)
  if (sabotage !== null) return mainOfSabotage({ name: sabotage, progress })
  if (queue !== null) return mainOfQueue({ entries: queue, progress })
  progress(`seed ${seed}, ${minutes} min`)
  const started = performance.now()
  const result = await runFaults({
    seed,
    progress,
    isDone(state) {
      const spent = (performance.now() - started) / 60_000 / minutes
      return spent >= LONGEST || (spent >= 1 && missing(state).length === 0)
    },
  })
  const seconds = ((performance.now() - started) / 1_000).toFixed(0)
  const lacks = missing(result)
  progress('kills of a process on an embedded database')
  const embedded = await killEmbedded(EMBEDDED_FAILPOINTS)
  const isClean = result.violations.length + embedded.violations.length + lacks.length === 0
  if (isClean) rmSync(result.folder, { recursive: true })
  print(result, { seed, seconds, lacks, isClean, embedded })
  return isClean ? 0 : 1
}

const ENTRIES_PER_FAULT = 70
const QUEUE_WITHIN_MS = 600_000

/** The supervised queue alone, woken by Redis and then by Postgres, with a fault for every seventy entries. */
async function mainOfQueue(run: Pick<QueueFaultOptions, 'entries' | 'progress'>): Promise<number> {
  let found = 0
  for (const backend of ['redis', 'postgres'] as const) {
    const planned = planQueueFaults(backend, Math.ceil(run.entries / ENTRIES_PER_FAULT))
    const result = await runQueueFaults({ ...run, backend, faults: planned, withinMs: QUEUE_WITHIN_MS })
    const { states, faults, effects, violations, seconds } = result
    const lines = [
      `woken by ${backend}: ${count(states)}`,
      ...violations.slice(0, SHOWN).map((violation) => `violation: ${violation}`),
      `faults: ${count(faults)}; effects: ${effects}, violations: ${violations.length}, in ${seconds.toFixed(0)} s`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
    found += violations.length
  }
  return found === 0 ? 0 : 1
}

/** One guard less at a time: each run must fail. */
async function mainOfSabotage(run: { readonly name: string; progress(line: string): void }): Promise<number> {
  const names = run.name.split(',')
  const patches = PATCHES.filter(({ name }) => run.name === 'all' || names.includes(name))
  if (patches.length === 0) throw new Error(`--sabotage takes all, or: ${PATCHES.map(({ name }) => name).join(', ')}.`)
  const results = await runSabotage(patches, run.progress)
  const missed = results.filter(({ caughtBy }) => caughtBy === null).length
  const lines = results.map(
    ({ patch, caughtBy, seconds }) =>
      `${patch.name.padEnd(34)} ${seconds.toFixed(0).padStart(3)} s  ${caughtBy ?? 'NOT CAUGHT'}`,
  )
  process.stdout.write(`${[...lines, `patches: ${results.length}, not caught: ${missed}`].join('\n')}\n`)
  return missed === 0 ? 0 : 1
}

function count(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, number]) => `${number} ${name}`)
    .join(', ')
}

function readArguments(args: readonly string[]): {
  readonly seed: number
  readonly minutes: number
  readonly queue: number | null
  readonly sabotage: string | null
} {
  const options = {
    seed: { type: 'string' },
    minutes: { type: 'string' },
    queue: { type: 'string' },
    sabotage: { type: 'string' },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
  const minutes = Number(values.minutes ?? 1)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed takes a whole number of at least 0.')
  if (!(minutes > 0)) throw new Error('--minutes takes a number above 0.')
  const queue = values.queue === undefined ? null : Number(values.queue)
  if (queue !== null && !(Number.isSafeInteger(queue) && queue > 0)) throw new Error('--queue takes a number above 0.')
  return { seed, minutes, queue, sabotage: values.sabotage ?? null }
}

/** What a run has too little of to say anything. */
function missing({ effects, hits }: FaultRunState): readonly string[] {
  const lacks = FAILPOINT_NAMES.filter((name) => hitsOf(hits, name) < LEAST_HITS)
  const described = lacks.map((name) => `${name} was hit ${hitsOf(hits, name)} times, not ${LEAST_HITS}`)
  return effects < LEAST_EFFECTS ? [...described, `${effects} effects, not ${LEAST_EFFECTS}`] : described
}

function print(
  { hits, faults, effects, violations, proposals, apart, folder, rounds }: FaultRunResult,
  about: {
    readonly seed: number
    readonly seconds: string
    readonly lacks: readonly string[]
    readonly isClean: boolean
    readonly embedded: EmbeddedResult
  },
): void {
  const lines = FAILPOINT_NAMES.map((name) => {
    const { kill, throw: thrown, park, drop } = hits.get(name) ?? { kill: 0, throw: 0, park: 0, drop: 0 }
    return `${name.padEnd(34)} ${hitsOf(hits, name)} hits: ${kill} killed, ${thrown} thrown, ${park} parked, ${drop} cut off`
  })
  const ends = Object.entries(proposals).map(([state, count]) => `${count} ${state}`)
  lines.push(`proposals: ${ends.join(', ')}`)
  for (const [name, count] of Object.entries(apart)) lines.push(`counted apart: ${count} ${name}`)
  for (const { rule, what, round, evidence } of violations.slice(0, SHOWN)) {
    lines.push(`violation in round ${round}: ${rule}: ${what}`, `  ${JSON.stringify(evidence).slice(0, 600)}`)
  }
  if (violations.length > SHOWN) lines.push(`and ${violations.length - SHOWN} more violations`)
  for (const lack of about.lacks) lines.push(`too little: ${lack}`)
  const where = about.isClean ? '' : `, histories in ${folder}`
  lines.push(`${rounds} rounds in ${about.seconds} s, seed ${about.seed}${where}`)
  const { embedded } = about
  const embeddedEnds = Object.entries(embedded.proposals).map(([state, count]) => `${count} ${state}`)
  lines.push(`embedded: ${embedded.kills} kills, ${embedded.effects} effects, proposals: ${embeddedEnds.join(', ')}`)
  for (const violation of embedded.violations) lines.push(`violation on the embedded database: ${violation}`)
  lines.push(`faults: ${faults}, effects: ${effects}, violations: ${violations.length + embedded.violations.length}`)
  process.stdout.write(`${lines.join('\n')}\n`)
}
