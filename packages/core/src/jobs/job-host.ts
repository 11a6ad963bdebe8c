import { GovernanceError } from '@preceptor/client'
import type { Queue } from 'bullmq'
import type { GovernorContext } from '../context.ts'
import { withDeadline } from '../kernel/deadline.ts'
import { type JobBackend, openJobBackend } from './backend.ts'
import { type JobName, type JobPayload, runJob } from './jobs.ts'
import { keepSchedules } from './schedules.ts'

/** What a worker needs of a governor. The queue is opened when it is first asked for. */
export interface JobHost {
  /** Name of the queue. */
  readonly queueName: string
  /**
   * Where the jobs are.
   *
   * @throws GovernanceError `STORE_UNAVAILABLE`, `DATABASE_NEWER`.
   */
  backend(): Promise<JobBackend>
  /**
   * Runs a job by name; the payload carries ids only.
   *
   * @throws GovernanceError `INPUT_INVALID` for a job that this release does not know, or the code of a fault.
   */
  run(name: string, payload: JobPayload): Promise<void>
  /** Adds a job unless it is there already; false when the queue did not take it within two seconds. Never throws. */
  enqueue(name: JobName, payload: JobPayload): Promise<boolean>
  /** Registers the schedules that the queue lacks, such as after Redis was emptied. Never throws. */
  keepSchedules(): Promise<void>
  /** Tells the host's log. */
  report: GovernorContext['report']
}

/** A job host that was opened here. */
export interface OpenJobHost extends JobHost {
  /** Closes the queue, and the workers on it, when they were opened. */
  close(): Promise<void>
}

/** What a job host stands on. */
export interface JobHostOptions {
  readonly context: GovernorContext
  /** Address of Redis; without it the jobs are in the database. */
  readonly redisUrl?: string | undefined
  /** Keeps products apart that share a Redis; default `preceptor`. */
  readonly queueName?: string
}

interface Opened {
  readonly backend: JobBackend
  readonly queue: Queue<JobPayload>
}

const SCHEDULES_WITHIN_MS = 5_000
// One job for each name and workspace in such a time: whoever finds the same work due wakes it once.
const SLOT_MS = 10_000

/** Makes what a worker builds on. */
export function createJobHost({ context, redisUrl, queueName = 'preceptor' }: JobHostOptions): OpenJobHost {
  let opening: Promise<Opened> | undefined
  let closed = false
  let lastFault = ''

  function ready(): Promise<Opened> {
    if (closed) return Promise.reject(new GovernanceError('GOVERNOR_CLOSED'))
    opening ??= open({ context, redisUrl, queueName, onError: faulted }).catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }

  /** Tells of a fault once, and not of every attempt that ends in it. */
  function faulted(error: unknown): void {
    const code = GovernanceError.isInstance(error) ? error.code : redisUrl ? 'REDIS_UNAVAILABLE' : 'STORE_UNAVAILABLE'
    const message = `The job queue failed and is tried again: ${error instanceof Error ? error.message : String(error)}`
    if (!closed && message !== lastFault) context.report({ level: 'warn', code, message })
    lastFault = message
  }

  async function attempt<Result>(work: (opened: Opened) => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await work(await ready())
      lastFault = ''
      return result
    } catch (error) {
      faulted(error)
      return undefined
    }
  }

  async function enqueue(name: JobName, payload: JobPayload): Promise<boolean> {
    const slot = Math.floor(context.clock.now() / SLOT_MS)
    const place = payload.workspace === '*' ? '@all' : (payload.workspace ?? '@due')
    const id = `${name}.${place}.${slot}`
    const isAdded = await attempt(async ({ backend, queue }) => {
      await backend.add(queue, { name, data: payload, id })
      return true
    })
    return isAdded === true
  }

  return {
    queueName,
    report: context.report,
    enqueue,
    backend: async () => (await ready()).backend,
    run: (name, payload) => runJob({ context, enqueue }, name, payload),
    async keepSchedules() {
      const isNew = await attempt(async ({ queue }) => {
        const keeping = keepSchedules(queue, context.clock.now())
        return (await withDeadline(keeping, { milliseconds: SCHEDULES_WITHIN_MS })).length > 0
      })
      // Where schedules were missing, jobs may be missing too.
      if (isNew === true) await enqueue('reconcile', {})
    },
    async close() {
      closed = true
      const opened = await opening?.catch(() => undefined)
      await opened?.backend.close()
    },
  }
}

interface OpenRequest {
  readonly context: GovernorContext
  readonly redisUrl: string | undefined
  readonly queueName: string
  readonly onError: (error: Error) => void
}

async function open({ context, redisUrl, queueName, onError }: OpenRequest): Promise<Opened> {
  const place = { database: context.database, onError }
  const backend = await openJobBackend(redisUrl === undefined ? place : { ...place, redisUrl })
  try {
    return { backend, queue: await backend.openQueue<JobPayload>(queueName) }
  } catch (error) {
    await backend.close()
    throw error
  }
}
