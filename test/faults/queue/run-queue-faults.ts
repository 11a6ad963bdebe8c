import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { startPostgres } from '@preceptor/test-setup'
import pg from 'pg'
import type { Repeated } from '../keep-doing.ts'
import { BUILT } from '../processes.ts'
import { type FaultyRedis, startFaultyRedis } from '../services.ts'
import { befallQueue, endWorker } from './befall-queue.ts'
import { checkConservation, checkQueue, MOST_ATTEMPTS, type QueueVerdict } from './check-queue.ts'
import { countStruck, keepAlive } from './keep-alive.ts'
import type { QueueBackend, QueueFault } from './queue-plan.ts'
import { actionOf, ENQUEUE_FAILPOINT, POISON, queueActions, SETTINGS, type WorkerStart } from './queue-workload.ts'
import { superviseQueue } from './robots.ts'

/** What a fault run of the queue is asked for. */
export interface QueueFaultOptions {
  readonly entries: number
  readonly backend: QueueBackend
  /** In the order in which they befall. */
  readonly faults: readonly QueueFault[]
  /** A run takes up to so many milliseconds before its effect and after it; 300 unless given. */
  readonly slowMs?: number
  /** Milliseconds until everything must have ended. */
  readonly withinMs: number
  /** Share of the passes of a fail point at which there is a fault; none unless given. */
  readonly strikes?: number
  /** Adds an entry that ends every process that runs it. */
  readonly poison?: boolean
  /** Folder of the programs that the workers run; those of this build unless given. */
  readonly programs?: string
  /** What is done to the database before anything runs, as its owner. */
  readonly schema?: string
  readonly progress: (line: string) => void
}

/** What it found. */
export interface QueueFaultResult extends QueueVerdict {
  /** How often each kind of fault befell. */
  readonly faults: Readonly<Record<string, number>>
  readonly seconds: number
  /** How often each fail point struck. */
  readonly struck: Readonly<Record<string, number>>
}

const WORKERS = 3
const ENQUEUED_AT_ONCE = 10
const SLOW_MS = 300
const AT_WORK_WITHIN_MS = 15_000
const BACK_WITHIN_MS = 30_000
/** How many runs are at work in each worker. */
const RUNS = new WeakMap<ChildProcess, number>()

/**
 * Lets three workers run queued entries on a Postgres and a Redis of their own while they are killed, ended and frozen, and
 * while Redis is emptied and gone and Postgres falls and comes back; checks after each fault that no entry is missing, and
 * in the end what ran.
 */
export async function runQueueFaults(options: QueueFaultOptions): Promise<QueueFaultResult> {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-queue-faults-'))
  const oracle = join(folder, 'oracle.jsonl')
  const struck = join(folder, 'struck.jsonl')
  writeFileSync(oracle, '')
  writeFileSync(struck, '')
  const postgres = await startPostgres()
  const redis = options.backend === 'redis' ? await startFaultyRedis() : undefined
  const redisUrl = redis?.url ?? null
  const start: WorkerStart = {
    databaseUrl: postgres.url,
    redisUrl,
    queueName: 'queue-faults',
    oracle,
    slowMs: options.slowMs ?? SLOW_MS,
    struck,
    strikes: options.strikes ?? 0,
  }
  const governor = await openController(start, options.strikes ?? 0)
  const pool = new pg.Pool({ connectionString: postgres.url, application_name: 'queue-faults', max: 1 })
  // It comes back with the server.
  pool.on('error', () => undefined)
  const workers: ChildProcess[] = []
  const run: Run = { options, governor, pool, redis, start, workers, restartPostgres: postgres.restart }
  let robots: Repeated | undefined
  let keeper: Repeated | undefined
  const began = performance.now()
  try {
    await setUp(run)
    run.workers.push(...(await Promise.all(Array.from({ length: WORKERS }, () => startWorker(run)))))
    // Only now: while somebody is online nothing has to wait.
    robots = await superviseQueue(governor)
    if (options.faults.length === 0) keeper = keepAlive(workers, () => startWorker(run))
    const faults = await suffer(run)
    await untilEnded(run)
    await keeper?.close()
    // Whoever comes late writes now, if it writes at all.
    // Of those that die by themselves some may just have done so.
    const asked = workers.filter(
      ({ exitCode, signalCode }) => keeper === undefined || (exitCode === null && signalCode === null),
    )
    const ends = await Promise.all(asked.map((worker) => endWorker(worker, 'SIGTERM')))
    const verdict = await checkQueue(pool, { oracle, entries: entriesOf(options) })
    const verified = await governor.as(ADMIN).journal.verify()
    const violations = [...verdict.violations]
    if (verified.problem !== null) violations.push('the journal is broken')
    if (ends.includes(false)) violations.push('a worker did not end by itself')
    const seconds = (performance.now() - began) / 1_000
    return { ...verdict, violations, faults, seconds, struck: countStruck(struck) }
  } finally {
    await keeper?.close()
    await robots?.close()
    for (const worker of run.workers) await endWorker(worker, 'SIGKILL')
    await governor.close()
    await pool.end()
    await redis?.stop()
    await postgres.stop()
    rmSync(folder, { recursive: true })
  }
}

interface Run {
  readonly options: QueueFaultOptions
  readonly governor: EmbeddedGovernor
  readonly pool: pg.Pool
  readonly redis: FaultyRedis | undefined
  readonly start: WorkerStart
  readonly workers: ChildProcess[]
  readonly restartPostgres: (downMs: number) => Promise<void>
}

const ADMIN = { workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } } as const
const BOT = { workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } } as const

/** Who enqueues, supervises and looks after what the dead left; it runs nothing itself. */
function openController({ databaseUrl, struck }: WorkerStart, strikes: number): Promise<EmbeddedGovernor> {
  const never = (): never => {
    throw new Error('The controller runs nothing.')
  }
  return createGovernor({
    database: databaseUrl,
    migrate: true,
    actions: queueActions(never),
    settings: SETTINGS,
    report: () => undefined,
    // Whoever asks gets an error although the entry is there, and asks again.
    testing: {
      failpoint: async (name) => {
        if (name !== ENQUEUE_FAILPOINT || Math.random() >= strikes * 2) return
        appendFileSync(struck, `${JSON.stringify({ failpoint: name, action: 'throw' })}\n`)
        throw new Error('A fault was injected.')
      },
    },
  })
}

async function setUp({ governor, pool, options }: Run): Promise<void> {
  await governor.as(ADMIN).agents.register({ id: 'bot', maturity: 'supervised', ownerId: 'system' })
  for (let from = 0; from < options.entries; from += ENQUEUED_AT_ONCE) {
    const count = Math.min(ENQUEUED_AT_ONCE, options.entries - from)
    await Promise.all(Array.from({ length: count }, (_, offset) => enqueueNumbered(governor, from + offset)))
  }
  if (options.schema !== undefined) await pool.query(options.schema)
  if (options.poison === true) await enqueue(governor, POISON, 'refund.sync')
}

function enqueueNumbered(governor: EmbeddedGovernor, index: number): Promise<void> {
  return enqueue(governor, `entry-${index}`, actionOf(index))
}

/** How many entries there are. */
function entriesOf({ entries, poison }: QueueFaultOptions): number {
  return entries + (poison === true ? 1 : 0)
}

const ASKED_TIMES = 10

async function enqueue(governor: EmbeddedGovernor, key: string, action: string): Promise<void> {
  const trigger = { agent: 'bot', action, args: { key }, idempotencyKey: key }
  let decision = await governor.as(BOT).decide(trigger)
  for (let left = ASKED_TIMES; left > 0 && decision.route === 'denied'; left -= 1) {
    decision = await governor.as(BOT).decide(trigger)
  }
  if (decision.route !== 'queue') throw new Error(`${key} was decided as ${decision.route}: ${decision.reason}`)
}

async function startWorker({ start, options }: Run): Promise<ChildProcess> {
  const child = fork(join(options.programs ?? BUILT, 'queue', 'queue-worker.js'), [JSON.stringify(start)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('error', () => undefined)
  child.on('message', (message: unknown) => {
    if (typeof message === 'object' && message !== null && 'running' in message)
      RUNS.set(child, Number(message.running))
  })
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`A worker ended early with ${code}.`)))
  // Once it is ready its end is what the run is about.
  ended.catch(() => undefined)
  await Promise.race([once(child, 'message'), ended])
  return child
}

/** One fault after the other; the equation must hold after each. */
async function suffer(run: Run): Promise<Readonly<Record<string, number>>> {
  const { options, workers, redis, restartPostgres } = run
  const ongoing: Promise<void>[] = []
  const runsOf = (worker: ChildProcess) => RUNS.get(worker) ?? 0
  const ports = { workers, redis, restartPostgres, runsOf, ongoing, startWorker: () => startWorker(run) }
  const befallen: Record<string, number> = {}
  for (const [index, fault] of options.faults.entries()) {
    await untilAtWork(run, (index * options.entries) / (options.faults.length + 1))
    await befallQueue(ports, fault)
    befallen[fault] = (befallen[fault] ?? 0) + 1
    await untilBack(() => run.governor.jobs.run('settle-lost-executions', {}))
    const line = await untilBack(() => checkConservation(run.pool, entriesOf(options)))
    options.progress(`after ${fault}: ${line}`)
  }
  await Promise.all(ongoing)
  return befallen
}

/** Asks again while the store comes back. */
async function untilBack<Result>(ask: () => Promise<Result>): Promise<Result> {
  const until = performance.now() + BACK_WITHIN_MS
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const isFound = error instanceof Error && error.message.startsWith('The equation')
      if (isFound || performance.now() > until) throw error
      await sleep(100)
    }
  }
}

const AT_WORK = `select count(*) filter (where state = 'executing')::int as running,
  count(*) filter (where state not in ('pending', 'executing'))::int as ended from supervised_queue`

/** A fault that meets nobody at work shows nothing, and all of them at once show little. */
async function untilAtWork({ pool, options }: Run, ended: number): Promise<void> {
  const until = performance.now() + AT_WORK_WITHIN_MS
  while (performance.now() < until) {
    const { rows } = await untilBack(() => pool.query(AT_WORK))
    if ((rows[0].running > 2 && rows[0].ended >= ended) || rows[0].ended === entriesOf(options)) return
    await sleep(20)
  }
}

// What was tried too often is found, and need not be waited for.
const OPEN = `select count(*) filter (where state in ('pending', 'executing'))::int as open,
  count(*) filter (where attempt > ${MOST_ATTEMPTS})::int as excessive from supervised_queue`

async function untilEnded({ pool, options }: Run): Promise<void> {
  const until = performance.now() + options.withinMs
  for (;;) {
    const { rows } = await untilBack(() => pool.query(OPEN))
    if (rows[0].open === 0 || rows[0].excessive > 0) return
    if (performance.now() > until) {
      throw new Error(`${rows[0].open} entries have not ended: ${await checkConservation(pool, entriesOf(options))}`)
    }
    await sleep(250)
  }
}
