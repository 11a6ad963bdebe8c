import { rmSync } from 'node:fs'
import { countWords, describeMachine, table, writeSection } from '../report.ts'
import { EMBEDDED_FAILPOINTS, type EmbeddedResult, killEmbedded } from './embedded.ts'
import { FAILPOINT_NAMES } from './failpoints.ts'
import { killMigrations, type MigrationResult } from './migrations.ts'
import { ENQUEUE_FAILPOINT, QUEUE_FAILPOINTS } from './queue/queue-workload.ts'
import { type QueueFaultResult, runQueueFaults } from './queue/run-queue-faults.ts'
import { type FaultRunResult, type FaultRunState, hitsOf, runFaults } from './run.ts'

const LEAST_HITS = 20
const LEAST_EFFECTS = 1_000
// A slow machine may take longer than it was asked to; a run that gets nowhere ends all the same.
const LONGEST = 5
const SHOWN = 10
const QUEUE = { entries: 160, strikes: 0.2, withinMs: 600_000 }

interface Options {
  readonly seed: number
  readonly minutes: number
  /** The page whose section is written anew; null for none. */
  readonly report: string | null
  progress(line: string): void
}

interface Found {
  readonly rounds: FaultRunResult
  readonly embedded: EmbeddedResult
  readonly queue: QueueFaultResult
  readonly migrations: MigrationResult
  readonly seconds: number
  /** What there was too little of to say anything. */
  readonly lacks: readonly string[]
}

/** Everything that can be broken is, for so many minutes, and then what has runs of its own. */
export async function mainOfRun({ seed, minutes, report, progress }: Options): Promise<number> {
  progress(`seed ${seed}, ${minutes} min`)
  const started = performance.now()
  const rounds = await runFaults({
    seed,
    progress,
    isDone(state) {
      const spent = (performance.now() - started) / 60_000 / minutes
      return spent >= LONGEST || (spent >= 1 && lacksOf(state).length === 0)
    },
  })
  progress('kills of a process on an embedded database')
  const embedded = await killEmbedded(EMBEDDED_FAILPOINTS)
  progress('the supervised queue, whose workers die by themselves')
  const queue = await runQueueFaults({ ...QUEUE, progress, backend: 'postgres', faults: [], poison: true })
  progress('kills of a process that migrates')
  const migrations = await killMigrations(Number.POSITIVE_INFINITY)
  const seconds = (performance.now() - started) / 1_000
  const lacks = [...lacksOf(rounds), ...lacksOfOthers({ queue, migrations })]
  const found = { rounds, embedded, queue, migrations, seconds, lacks }
  const isClean = violationsOf(found).length + lacks.length === 0
  if (isClean) rmSync(rounds.folder, { recursive: true })
  const lines = describe(found, seed)
  process.stdout.write(`${[...lines, ...(isClean ? [] : [`histories in ${rounds.folder}`])].join('\n')}\n`)
  if (report !== null) writeSection(report, 'run', reportOf(found, { seed, minutes }))
  return isClean ? 0 : 1
}

const lack = (name: string, hits: number): readonly string[] =>
  hits < LEAST_HITS ? [`${name} was hit ${hits} times, not ${LEAST_HITS}`] : []

function lacksOf({ effects, hits }: FaultRunState): readonly string[] {
  const lacks = FAILPOINT_NAMES.flatMap((name) => lack(name, hitsOf(hits, name)))
  return effects < LEAST_EFFECTS ? [...lacks, `${effects} effects, not ${LEAST_EFFECTS}`] : lacks
}

function lacksOfOthers({ queue, migrations }: Pick<Found, 'queue' | 'migrations'>): readonly string[] {
  const ofQueue = [...QUEUE_FAILPOINTS, ENQUEUE_FAILPOINT].flatMap((name) => lack(name, queue.struck[name] ?? 0))
  return [...ofQueue, ...lack('migration.before_commit', migrations.kills)]
}

function violationsOf({ rounds, embedded, queue, migrations }: Found): readonly string[] {
  return [
    ...rounds.violations.map(
      ({ rule, what, round, evidence }) =>
        `round ${round}: ${rule}: ${what}\n  ${JSON.stringify(evidence).slice(0, 600)}`,
    ),
    ...embedded.violations.map((violation) => `on the embedded database: ${violation}`),
    ...queue.violations.map((violation) => `in the queue: ${violation}`),
    ...migrations.violations.map((violation) => `in migrations: ${violation}`),
  ]
}

function hitRows({ rounds, queue, migrations }: Found): readonly (readonly (string | number)[])[] {
  const ofRounds = FAILPOINT_NAMES.map((name) => {
    const { kill, throw: thrown, park, drop } = rounds.hits.get(name) ?? { kill: 0, throw: 0, park: 0, drop: 0 }
    return [name, 'rounds', hitsOf(rounds.hits, name), kill, thrown, park, drop]
  })
  const ofQueue = [...QUEUE_FAILPOINTS, ENQUEUE_FAILPOINT].map((name) => [name, 'queue', queue.struck[name] ?? 0])
  return [...ofRounds, ...ofQueue, ['migration.before_commit', 'migrations', migrations.kills]]
}

function countsOf(found: Found): readonly string[] {
  const { rounds, embedded, queue, migrations, seconds } = found
  const struck = Object.values(queue.struck).reduce((sum, count) => sum + count, 0)
  const faults = rounds.faults + embedded.kills + struck + migrations.kills
  const effects = rounds.effects + embedded.effects + queue.effects
  return [
    `proposals of the rounds: ${countWords(rounds.proposals)}`,
    ...Object.entries(rounds.apart).map(([name, count]) => `counted apart: ${count} ${name}`),
    `embedded: ${embedded.kills} kills, ${embedded.effects} effects, proposals: ${countWords(embedded.proposals)}`,
    `queue: ${struck} faults, ${queue.effects} effects, entries: ${countWords(queue.states)}`,
    `migrations: ${migrations.kills} kills`,
    `${rounds.rounds} rounds and the rest in ${seconds.toFixed(0)} s`,
    `faults: ${faults}, effects: ${effects}, violations: ${violationsOf(found).length}`,
  ]
}

function describe(found: Found, seed: number): readonly string[] {
  const violations = violationsOf(found)
  return [
    ...hitRows(found).map(
      ([name, run, hits, ...how]) =>
        `${String(name).padEnd(34)} ${hits} hits in the ${run}${how.length > 0 ? `: ${how.join(', ')}` : ''}`,
    ),
    ...violations.slice(0, SHOWN).map((violation) => `violation: ${violation}`),
    ...(violations.length > SHOWN ? [`and ${violations.length - SHOWN} more violations`] : []),
    ...found.lacks.map((one) => `too little: ${one}`),
    ...countsOf(found),
    `seed ${seed}`,
  ]
}

function reportOf(found: Found, { seed, minutes }: Pick<Options, 'seed' | 'minutes'>): readonly string[] {
  return [
    `\`npm run faults -- --seed ${seed} --minutes ${minutes}\` on ${describeMachine()}:`,
    '',
    ...countsOf(found).map((line) => `- ${line}`),
    ...found.lacks.map((one) => `- too little: ${one}`),
    '',
    ...table(
      ['fail point', 'run', 'hits', 'killed', 'thrown', 'parked', 'cut off'],
      hitRows(found).map((row) => [...row, ...Array.from({ length: 7 - row.length }, () => '')]),
    ),
  ]
}
