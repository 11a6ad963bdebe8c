import { GovernanceError } from '@preceptor/client'
import type { Queue } from 'bullmq'
import type { GovernorContext } from '../context.ts'
import { type JobBackend, type JobTelemetry, openJobBackend } from './backend.ts'
import type { JobPayload } from './jobs.ts'

/** The queue of the jobs, and where it is. */
export interface OpenedQueue {
  readonly backend: JobBackend
  readonly queue: Queue<JobPayload>
}

/** The way to a queue that is opened when it is first needed. */
export interface QueueAccess {
  /**
   * Opens it with a telemetry, unless it is open.
   *
   * @throws GovernanceError `STORE_UNAVAILABLE`, `DATABASE_NEWER`, `GOVERNOR_CLOSED`.
   */
  open(telemetry?: JobTelemetry): Promise<OpenedQueue>
  /** Does something with the queue; undefined when it failed, which the host's log is told once. */
  attempt<Result>(work: (opened: OpenedQueue) => Promise<Result>): Promise<Result | undefined>
  /** Closes the queue, and the workers on it, when they were opened. */
  close(): Promise<void>
}

/** Which queue. */
export interface QueueAccessOptions {
  readonly context: GovernorContext
  readonly redisUrl: string | undefined
  readonly queueName: string
}

/** Makes the way to a queue. */
export function createQueueAccess(options: QueueAccessOptions): QueueAccess {
  const { context, redisUrl } = options
  let opening: Promise<OpenedQueue> | undefined
  let closed = false
  let lastFault = ''

  function open(telemetry?: JobTelemetry): Promise<OpenedQueue> {
    if (closed) return Promise.reject(new GovernanceError('GOVERNOR_CLOSED'))
    opening ??= openQueue(options, faulted, telemetry).catch((error: unknown) => {
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

  return {
    open,
    async attempt(work) {
      try {
        const result = await work(await open())
        lastFault = ''
        return result
      } catch (error) {
        faulted(error)
        return undefined
      }
    },
    async close() {
      closed = true
      const opened = await opening?.catch(() => undefined)
      await opened?.backend.close()
    },
  }
}

async function openQueue(
  { context, redisUrl, queueName }: QueueAccessOptions,
  onError: (error: Error) => void,
  telemetry: JobTelemetry | undefined,
): Promise<OpenedQueue> {
  const place = { database: context.database, onError }
  const backend = await openJobBackend(redisUrl === undefined ? place : { ...place, redisUrl })
  try {
    return { backend, queue: await backend.openQueue<JobPayload>(queueName, { telemetry }) }
  } catch (error) {
    await backend.close()
    throw error
  }
}
