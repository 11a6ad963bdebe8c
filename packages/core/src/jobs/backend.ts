import { GovernanceError } from '@preceptor/client'
import {
  type BackendClasses,
  createPostgresBackend,
  createRedisBackend,
  type Processor,
  type Queue,
  type QueueEvents,
  runMigrations,
  type Telemetry,
  type Worker,
  withBackend,
} from 'bullmq'
import { toDatabaseFault } from '../database/database-error.ts'
import { within } from '../database/deadline.ts'
import { endPool } from '../database/guard-pool.ts'
import type { Database } from '../database/open-database.ts'
import type { Pool } from '../database/pool.ts'
import { failPatiently } from './patient-pool.ts'

/** How the jobs are traced and counted: the interface `Telemetry` of BullMQ, as `bullmq-otel` implements it. */
export type JobTelemetry = Telemetry

/** A job: ids only, the row in the database is the truth. */
export interface JobRequest<Data> {
  readonly name: string
  readonly data: Data
  /** The same id is not added twice while its job is kept. No colon, and not only digits. */
  readonly id: string
  /** Milliseconds until it may run. */
  readonly delayMs?: number
  /** How often it is tried; 3 unless given. */
  readonly attempts?: number
}

/** How a worker takes jobs. */
export interface JobWorkerOptions {
  /** Jobs at the same time; 1 unless given. */
  readonly concurrency?: number
  /** A job whose worker died is run again after this time, in milliseconds; 30,000 unless given. */
  readonly lockMs?: number
  readonly telemetry?: JobTelemetry | undefined
}

/** Queues, workers and events of BullMQ on the store or on Redis. What is opened here is closed by `close`. */
export interface JobBackend {
  readonly kind: 'pglite' | 'postgres' | 'redis'
  /** A queue; the job schedulers of BullMQ work on it. */
  openQueue<Data>(name: string, options?: { readonly telemetry?: JobTelemetry | undefined }): Promise<Queue<Data>>
  openWorker<Data>(name: string, process: Processor<Data>, options?: JobWorkerOptions): Promise<Worker<Data>>
  openEvents(name: string): Promise<QueueEvents>
  /**
   * Adds a job, or finds it there already.
   *
   * @throws GovernanceError `REDIS_UNAVAILABLE` or `STORE_UNAVAILABLE` after two seconds. The job may still be added
   * later, so the id must be the same at the next attempt.
   */
  add<Data>(queue: Queue<Data>, job: JobRequest<Data>): Promise<void>
  /** Waits for the jobs that run, at most ten seconds, then closes everything that was opened here. */
  close(): Promise<void>
}

/** What a job backend stands on. */
export interface JobBackendOptions {
  readonly database: Database
  /** Address of Redis; without it the jobs are in the database. */
  readonly redisUrl?: string
  /** Faults of connections; BullMQ goes on by itself. */
  readonly onError: (error: Error) => void
  /** Whether the jobs are only looked at: nothing is created or brought up to date. Default false. */
  readonly isReader?: boolean
}

const SCHEMA = 'bullmq'
const ADD_WITHIN_MS = 2_000
const READY_WITHIN_MS = 10_000
const CLOSE_WITHIN_MS = 10_000
const STATEMENT_MS = 10_000
const RETRY_AFTER_MS = 1_000
const RETRY_LOOP_MS = 1_000
// Every worker and every reader of events keeps one connection to itself.
const CONNECTIONS = 20
const KEEP_COMPLETED = { age: 3_600, count: 1_000 }
const KEEP_FAILED = { age: 86_400, count: 1_000 }

interface Closable {
  close(force?: boolean): Promise<unknown>
}

interface Connected extends Closable {
  on(event: 'error', listener: (error: Error) => void): unknown
  waitUntilReady(): Promise<unknown>
}

/** The classes of BullMQ bound to one place, whatever its kind. */
interface Place {
  readonly kind: JobBackend['kind']
  readonly classes: Pick<BackendClasses<never, unknown>, 'Queue' | 'Worker' | 'QueueEvents'>
  readonly connection: unknown
  /** Whether an object is usable only after its first contact with the store. */
  readonly awaitReady: boolean
  end(): Promise<void>
}

/**
 * Opens the jobs: on Redis when an address is given, else in the schema `bullmq` of the database, which is created or
 * brought up to date.
 *
 * @throws GovernanceError `STORE_UNAVAILABLE`, `DATABASE_NEWER`.
 */
export async function openJobBackend(options: JobBackendOptions): Promise<JobBackend> {
  const { database, redisUrl, onError, isReader = false } = options
  const place = redisUrl === undefined ? await inDatabase(database, isReader) : onRedis(redisUrl)
  const opened: { readonly queues: Closable[]; readonly consumers: Closable[] } = { queues: [], consumers: [] }
  const ready = async <Item extends Connected>(item: Item, list: Closable[]): Promise<Item> => {
    // Without a listener Node ends the process at the first lost connection.
    item.on('error', onError)
    list.push(item)
    if (place.awaitReady) await within(READY_WITHIN_MS, item.waitUntilReady(), unavailable(place))
    return item
  }
  const { classes, connection } = place
  return {
    kind: place.kind,
    openQueue: async <Data>(name: string, { telemetry }: { readonly telemetry?: JobTelemetry | undefined } = {}) => {
      const options = {
        connection,
        defaultJobOptions: jobDefaults,
        ...(isReader ? { skipMetasUpdate: true } : {}),
        ...(telemetry && { telemetry }),
      }
      const queue = new classes.Queue<Data>(name, options)
      return ready(queue as unknown as Queue<Data>, opened.queues)
    },
    openWorker: async <Data>(
      name: string,
      process: Processor<Data>,
      { concurrency = 1, lockMs = 30_000, telemetry }: JobWorkerOptions = {},
    ) => {
      const options = {
        connection,
        concurrency,
        lockDuration: lockMs,
        stalledInterval: lockMs,
        runRetryDelay: RETRY_LOOP_MS,
        ...(telemetry && { telemetry }),
      }
      return ready(new classes.Worker<Data>(name, process, options) as unknown as Worker<Data>, opened.consumers)
    },
    openEvents: async (name) =>
      ready(new classes.QueueEvents(name, { connection }) as unknown as QueueEvents, opened.consumers),
    add: (queue, job) => addJob(place, queue, job),
    close: () => closeAll(place, opened),
  }
}

const jobDefaults = { removeOnComplete: KEEP_COMPLETED, removeOnFail: KEEP_FAILED }

const unavailable =
  ({ kind }: Place) =>
  (): GovernanceError =>
    kind === 'redis'
      ? new GovernanceError('REDIS_UNAVAILABLE')
      : new GovernanceError('STORE_UNAVAILABLE', { message: 'The jobs in the database do not answer.' })

async function addJob<Data>(place: Place, queue: Queue<Data>, job: JobRequest<Data>): Promise<void> {
  const { name, data, id, delayMs = 0, attempts = 3 } = job
  const backoff = { type: 'exponential', delay: RETRY_AFTER_MS }
  // The names of a queue are plain strings here; BullMQ derives their type from the data.
  const add = queue.add.bind(queue) as unknown as (name: string, data: Data, options: object) => Promise<unknown>
  try {
    await within(ADD_WITHIN_MS, add(name, data, { jobId: id, delay: delayMs, attempts, backoff }), unavailable(place))
  } catch (error) {
    throw place.kind === 'redis' ? error : toDatabaseFault(error)
  }
}

async function inDatabase(database: Database, isReader: boolean): Promise<Place> {
  const settings = { searchPath: SCHEMA, max: CONNECTIONS, statementDeadlineMs: STATEMENT_MS }
  const pool = failPatiently(database.openPool(settings))
  // Each queue and each worker adds a listener of its own.
  pool.setMaxListeners(0)
  try {
    if (!isReader) await migrateJobs(pool)
  } catch (error) {
    await endPool(pool)
    throw error
  }
  return {
    kind: database.kind,
    classes: withBackend(createPostgresBackend) as unknown as Place['classes'],
    connection: pool,
    // A connection whose first contact failed is never tried again by BullMQ.
    awaitReady: true,
    end: () => endPool(pool),
  }
}

async function migrateJobs(pool: Pool): Promise<void> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toDatabaseFault(error)
  })
  try {
    client.setStatementDeadline?.(0)
    await runMigrations({ query: (text, values) => client.query(text, values) }, SCHEMA)
  } catch (error) {
    if (error instanceof Error && error.constructor.name === 'SchemaVersionMismatchError') {
      throw new GovernanceError('DATABASE_NEWER', { message: 'The jobs were made by a newer release.', cause: error })
    }
    throw toDatabaseFault(error)
  } finally {
    client.release()
  }
}

function onRedis(url: string): Place {
  return {
    kind: 'redis',
    classes: withBackend(createRedisBackend) as unknown as Place['classes'],
    // Commands wait for the connection to come back; `add` has a bound of its own.
    connection: { url, maxRetriesPerRequest: null },
    awaitReady: false,
    end: async () => undefined,
  }
}

async function closeAll(
  place: Place,
  opened: { readonly queues: Closable[]; readonly consumers: Closable[] },
): Promise<void> {
  const close = async (item: Closable): Promise<void> => {
    try {
      await within(CLOSE_WITHIN_MS, item.close(), () => new Error('late'))
    } catch {
      await within(CLOSE_WITHIN_MS, item.close(true), () => new Error('late')).catch(() => undefined)
    }
  }
  await Promise.all(opened.consumers.splice(0).map(close))
  await Promise.all(opened.queues.splice(0).map(close))
  await place.end()
}
