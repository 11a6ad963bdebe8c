import { GovernanceError } from '@preceptor/client'
import type { Queue } from 'bullmq'
import type { GovernorContext } from '../context.ts'
import { type JobBackend, type JobTelemetry, openJobBackend } from './backend.ts'
import type { JobPayload } from './jobs.ts'

/** The queues of the jobs, and where they are. */
export interface OpenedQueues {
  readonly backend: JobBackend
  /** By name. */
  readonly queues: ReadonlyMap<string, Queue<JobPayload>>
}

/** The way to queues that are opened when one is first needed. */
export interface QueueAccess {
  /**
   * Opens them with a telemetry, unless they are open.
   *
   * @throws GovernanceError `STORE_UNAVAILABLE`, `DATABASE_NEWER`, `GOVERNOR_CLOSED`.
   */
  open(telemetry?: JobTelemetry): Promise<OpenedQueues>
  /** Does something with a queue; undefined when it failed, which the host's log is told once. */
  attempt<Result>(
    queue: string,
    work: (queue: Queue<JobPayload>, backend: JobBackend) => Promise<Result>,
  ): Promise<Result | undefined>
  /** Closes the queues, and the workers on them, when they were opened. */
  close(): Promise<void>
}

/** Which queues. */
export interface QueueAccessOptions {
  readonly context: GovernorContext
  readonly redisUrl: string | undefined
  /** Their names; asked for once, when they are opened. */
  readonly names: () => readonly string[]
}

/** Makes the way to queues. */
export function createQueueAccess(options: QueueAccessOptions): QueueAccess {
  const { context, redisUrl } = options
  let opening: Promise<OpenedQueues> | undefined
  let closed = false
  let lastFault = ''

  function open(telemetry?: JobTelemetry): Promise<OpenedQueues> {
    if (closed) return Promise.reject(new GovernanceError('GOVERNOR_CLOSED'))
    opening ??= openQueues(options, faulted, telemetry).catch((error: unknown) => {
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
    async attempt(name, work) {
      try {
        const { backend, queues } = await open()
        const queue = queues.get(name)
        if (queue === undefined) throw new GovernanceError('INTERNAL', { message: `There is no queue "${name}".` })
        const result = await work(queue, backend)
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

async function openQueues(
  { context, redisUrl, names }: QueueAccessOptions,
  onError: (error: Error) => void,
  telemetry: JobTelemetry | undefined,
): Promise<OpenedQueues> {
  const place = { database: context.database, onError }
  const backend = await openJobBackend(redisUrl === undefined ? place : { ...place, redisUrl })
  try {
    const queues = new Map<string, Queue<JobPayload>>()
    for (const name of names()) queues.set(name, await backend.openQueue<JobPayload>(name, { telemetry }))
    return { backend, queues }
  } catch (error) {
    await backend.close()
    throw error
  }
}
