import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { createTestDatabase } from '@preceptor/test-setup'
import { Redis } from 'ioredis'
import pg from 'pg'
import { BUILT } from '../processes.ts'
import { createRandom, type Random } from '../random.ts'
import { type FaultyRedis, startFaultyRedis } from '../services.ts'
import { checkConservation, checkQueue, type QueueVerdict } from './check-queue.ts'
import { actionOf, queueActions, SETTINGS, type WorkerStart } from './queue-workload.ts'
import { type Robots, superviseQueue } from './robots.ts'

/** What a fault run of the queue is asked for. */
export interface QueueFaultOptions {
  readonly entries: number
  readonly incidents: number
  readonly seed: number
  /** Milliseconds until everything must have ended. */
  readonly withinMs: number
  readonly progress: (line: string) => void
}

/** What it found. */
export interface QueueFaultResult extends QueueVerdict {
  /** How often each kind of fault befell. */
  readonly incidents: Readonly<Record<string, number>>
  readonly seconds: number
}

const WORKERS = 3
const ENQUEUED_AT_ONCE = 10
const SLOW_MS = 300
const AT_WORK_WITHIN_MS = 15_000
// Longer than the lease of a claim: whoever wakes up after it has lost what it ran.
const FROZEN_MS = 3_000
const KINDS = ['kill', 'flush', 'freeze', 'kill-redis'] as const

/**
 * Lets three workers run queued entries on the Postgres at `DATABASE_URL` and a Redis of their own while they are killed
 * and frozen and Redis is emptied and killed, checks after each fault that no entry is missing, and in the end what ran.
 */
export async function runQueueFaults(options: QueueFaultOptions): Promise<QueueFaultResult> {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-queue-faults-'))
  const oracle = join(folder, 'oracle.jsonl')
  writeFileSync(oracle, '')
  const database = await createTestDatabase()
  const redis = await startFaultyRedis()
  const redisUrl = redis?.url ?? null
  const start: WorkerStart = {
    databaseUrl: database.url,
    redisUrl,
    queueName: 'queue-faults',
    oracle,
    slowMs: SLOW_MS,
  }
  const governor = await openController(start)
  const client = new pg.Client({ connectionString: database.url, application_name: 'queue-faults' })
  await client.connect()
  const run: Run = { options, governor, client, redis, start, workers: [] }
  let robots: Robots | undefined
  const began = performance.now()
  try {
    await setUp(run)
    run.workers.push(...(await Promise.all(Array.from({ length: WORKERS }, () => startWorker(start)))))
    // Only now: while somebody is online nothing has to wait.
    robots = superviseQueue(governor)
    const incidents = await suffer(run)
    await untilEnded(run)
    const verdict = await checkQueue(client, { oracle, entries: options.entries })
    const verified = await governor.as(ADMIN).journal.verify()
    const violations = verified.problem === null ? verdict.violations : [...verdict.violations, 'the journal is broken']
    return { ...verdict, violations, incidents, seconds: (performance.now() - began) / 1_000 }
  } finally {
    await robots?.close()
    for (const worker of run.workers) await stopWorker(worker)
    await governor.close()
    await client.end()
    await redis?.stop()
    await database.drop()
    rmSync(folder, { recursive: true })
  }
}

interface Run {
  readonly options: QueueFaultOptions
  readonly governor: EmbeddedGovernor
  readonly client: pg.Client
  readonly redis: FaultyRedis | undefined
  readonly start: WorkerStart
  readonly workers: ChildProcess[]
}

const ADMIN = { workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } } as const
const BOT = { workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } } as const

/** Who enqueues, supervises and looks after what the dead left; it runs nothing itself. */
function openController({ databaseUrl }: WorkerStart): Promise<EmbeddedGovernor> {
  const never = (): never => {
    throw new Error('The controller runs nothing.')
  }
  return createGovernor({
    database: databaseUrl,
    migrate: true,
    actions: queueActions(never),
    settings: SETTINGS,
    report: () => undefined,
  })
}

async function setUp({ governor, options }: Run): Promise<void> {
  await governor.as(ADMIN).agents.register({ id: 'bot', maturity: 'supervised', ownerId: 'system' })
  for (let from = 0; from < options.entries; from += ENQUEUED_AT_ONCE) {
    const count = Math.min(ENQUEUED_AT_ONCE, options.entries - from)
    await Promise.all(Array.from({ length: count }, (_, offset) => enqueue(governor, from + offset)))
  }
}

async function enqueue(governor: EmbeddedGovernor, index: number): Promise<void> {
  const key = `entry-${index}`
  const trigger = { agent: 'bot', action: actionOf(index), args: { key }, idempotencyKey: key }
  const decision = await governor.as(BOT).decide(trigger)
  if (decision.route !== 'queue') throw new Error(`${key} was decided as ${decision.route}: ${decision.reason}`)
}

async function startWorker(start: WorkerStart): Promise<ChildProcess> {
  const child = fork(join(BUILT, 'queue', 'queue-worker.js'), [JSON.stringify(start)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('error', () => undefined)
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`A worker ended early with ${code}.`)))
  // Once it is ready its end is what the run is about.
  ended.catch(() => undefined)
  await Promise.race([once(child, 'message'), ended])
  return child
}

async function stopWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  worker.kill('SIGKILL')
  await once(worker, 'exit')
}

/** One fault after the other; the equation must hold after each. */
async function suffer(run: Run): Promise<Readonly<Record<string, number>>> {
  const { options } = run
  const random = createRandom(options.seed)
  const befallen: Record<string, number> = {}
  for (let incident = 0; incident < options.incidents; incident += 1) {
    const kind = KINDS[incident % KINDS.length] ?? 'kill'
    await untilAtWork(run, (incident * options.entries) / (options.incidents + 1))
    await befall(run, kind, random)
    befallen[kind] = (befallen[kind] ?? 0) + 1
    await run.governor.jobs.run('settle-lost-executions', {})
    options.progress(`after ${kind}: ${await checkConservation(run.client, options.entries)}`)
  }
  return befallen
}

async function befall(run: Run, kind: (typeof KINDS)[number], random: Random): Promise<void> {
  const index = Math.floor(random.next() * WORKERS)
  const worker = run.workers[index]
  if (worker === undefined) return
  switch (kind) {
    case 'kill':
      await stopWorker(worker)
      run.workers[index] = await startWorker(run.start)
      return
    case 'freeze':
      worker.kill('SIGSTOP')
      await sleep(FROZEN_MS)
      await run.governor.jobs.run('settle-lost-executions', {})
      worker.kill('SIGCONT')
      return
    case 'flush':
      await flush(run.redis)
      return
    case 'kill-redis':
      await run.redis?.kill()
      return
    default:
      kind satisfies never
  }
}

async function flush(redis: FaultyRedis | undefined): Promise<void> {
  if (redis === undefined) return
  const client = new Redis(redis.url, { lazyConnect: true, maxRetriesPerRequest: 1 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.flushall()
  } catch {
    // It is down just now, which loses as much.
  } finally {
    client.disconnect()
  }
}

const AT_WORK = `select count(*) filter (where state = 'executing')::int as running,
  count(*) filter (where state not in ('pending', 'executing'))::int as ended from supervised_queue`

/** A fault that meets nobody at work shows nothing, and all of them at once show little. */
async function untilAtWork({ client, options }: Run, ended: number): Promise<void> {
  const until = performance.now() + AT_WORK_WITHIN_MS
  while (performance.now() < until) {
    const { rows } = await client.query(AT_WORK)
    if ((rows[0].running > 2 && rows[0].ended >= ended) || rows[0].ended === options.entries) return
    await sleep(20)
  }
}

const OPEN = "select count(*)::int as open from supervised_queue where state in ('pending', 'executing')"

async function untilEnded({ governor, client, options }: Run): Promise<void> {
  const until = performance.now() + options.withinMs
  for (;;) {
    await governor.jobs.run('settle-lost-executions', {})
    const { rows } = await client.query(OPEN)
    if (rows[0].open === 0) return
    if (performance.now() > until) {
      throw new Error(`${rows[0].open} entries have not ended: ${await checkConservation(client, options.entries)}`)
    }
    await sleep(250)
  }
}
