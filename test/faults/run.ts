import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGovernor } from '@preceptor/core'
import { createTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import type { Violation } from './check/verdict.ts'
import { FAILPOINT_NAMES, type FailpointName } from './failpoints.ts'
import { Fleet, type Hits } from './fleet.ts'
import { flushRedis } from './flush-redis.ts'
import { planOrders, planRound, type RoundShape } from './plan.ts'
import { openReceiver } from './receiver.ts'
import { type RoundPorts, type RoundResult, runRound } from './round.ts'
import { startFaultyRedis } from './services.ts'

/** What a fault run is asked for. */
export interface FaultRunOptions {
  readonly seed: number
  /** Runs rounds until this says so. */
  readonly isDone: (state: FaultRunState) => boolean
  readonly progress: (line: string) => void
  /** What the rounds are made of; a mixture of everything unless given. */
  readonly shape?: RoundShape
  /** Folder of the programs that the processes run; those of this build unless given. */
  readonly programs?: string
  /** SQL that takes guards off the database of the run. */
  readonly schema?: string
}

/** How far a run has come. */
export interface FaultRunState {
  readonly rounds: number
  readonly effects: number
  readonly hits: ReadonlyMap<FailpointName, Hits>
  readonly violations: readonly (Violation & { readonly round: number })[]
}

/** What a fault run has found. */
export interface FaultRunResult extends FaultRunState {
  /** Hits of fail points and incidents together. */
  readonly faults: number
  /** How many proposals ended in each state. */
  readonly proposals: Readonly<Record<string, number>>
  /** What is allowed and counted apart. */
  readonly apart: Readonly<Record<string, number>>
  /** Where the Oracle, the histories and, for rounds with violations, the export of the database stand. */
  readonly folder: string
}

/** How often a fail point was hit. */
export function hitsOf(hits: ReadonlyMap<FailpointName, Hits>, name: FailpointName): number {
  const { kill, throw: thrown, park, drop } = hits.get(name) ?? { kill: 0, throw: 0, park: 0, drop: 0 }
  return kill + thrown + park + drop
}

/** Runs rounds of faults on a fresh database of the Postgres at `DATABASE_URL`, and checks each. */
export async function runFaults(options: FaultRunOptions): Promise<FaultRunResult> {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-faults-'))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const database = await createTestDatabase()
  const redis = await startFaultyRedis()
  if (redis === undefined) options.progress('no Redis on this machine: its faults are left out')
  const client = new pg.Client({ connectionString: database.url, application_name: 'faults' })
  await client.connect()
  await (await createGovernor({ database: database.url, migrate: true })).close()
  if (options.schema !== undefined) await client.query(options.schema)
  const { seed, programs, shape } = options
  const receiver = await openReceiver()
  const fleet = new Fleet({
    seed,
    databasePort: Number(new URL(database.url).port),
    orders: planOrders(seed, shape?.failpoints),
    ...(programs !== undefined && { programs }),
  })
  try {
    await fleet.start()
    return await runRounds(options, {
      fleet,
      folder,
      directUrl: database.url,
      database: client,
      receiver,
      redis,
      flushRedis: () => flushRedis(redis),
    })
  } finally {
    await fleet.close()
    await receiver.close()
    await client.end()
    await redis?.stop()
    await database.drop()
  }
}

async function runRounds(
  { seed, isDone, progress, shape }: FaultRunOptions,
  ports: RoundPorts,
): Promise<FaultRunResult> {
  const { hits } = ports.fleet
  const violations: (Violation & { readonly round: number })[] = []
  const apart: Record<string, number> = {}
  const proposals: Record<string, number> = {}
  let [rounds, effects, incidents] = [0, 0, 0]
  while (!isDone({ rounds, effects, hits, violations })) {
    const result = await inTime(runRound(ports, planRound(seed, rounds, shape)), ports.folder)
    rounds += 1
    effects += result.history.effects.length
    incidents += result.incidents
    violations.push(...result.verdict.violations.map((violation) => ({ ...violation, round: result.plan.index })))
    for (const { state } of result.history.proposals) proposals[state] = (proposals[state] ?? 0) + 1
    for (const [name, count] of Object.entries(result.verdict.apart)) apart[name] = (apart[name] ?? 0) + count
    if (result.verdict.violations.length > 0) exportRound(ports.folder, result)
    progress(describeRound(result))
  }
  const struck = FAILPOINT_NAMES.reduce((sum, name) => sum + hitsOf(hits, name), 0)
  return { rounds, effects, hits, violations, proposals, apart, faults: struck + incidents, folder: ports.folder }
}

// A round takes about ten seconds; one that hangs on a slow machine and one that hangs for ever look the same for a while.
const ROUND_WITHIN_MS = 180_000

/** Whatever should have ended and has not is a failure of the run, and must not keep it for ever. */
async function inTime<T>(round: Promise<T>, folder: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const error = new Error(`A round did not end within ${ROUND_WITHIN_MS / 1_000} s; its histories are in ${folder}.`)
    timer = setTimeout(() => reject(error), ROUND_WITHIN_MS)
  })
  try {
    return await Promise.race([round, late])
  } finally {
    clearTimeout(timer)
  }
}

function describeRound({ plan, history, verdict, incidents }: RoundResult): string {
  const { effects, answers, ends, journal, proposals } = history
  const ran = proposals.filter(({ state }) => state === 'succeeded').length
  const killed = ends.filter(({ how }) => how === 'killed').length
  const jumps = plan.jumps ? ', clocks jump' : ''
  return (
    `round ${plan.index}: ${answers.length} answers, ${effects.length} effects, ${journal.length} journal rows, ` +
    `${ran} of ${proposals.length} proposals approved and done, ` +
    `${killed} processes killed, ${incidents} incidents${jumps}, ${verdict.violations.length} violations`
  )
}

/** What the database said is written beside the histories, so that a violation can be looked into afterwards. */
function exportRound(folder: string, { plan, history, verdict }: RoundResult): void {
  const file = join(folder, `round-${String(plan.index).padStart(3, '0')}`, 'database.json')
  const { journal, executions, records, proposals, agents, verifications } = history
  const exported = { violations: verdict.violations, executions, records, proposals, agents, verifications, journal }
  writeFileSync(file, JSON.stringify(exported, null, 1), { mode: 0o600 })
}
