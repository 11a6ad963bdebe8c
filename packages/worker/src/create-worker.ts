import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError, type JobHost, type JobTelemetry } from '@preceptor/core'
import { keepAdvising } from './keep-advising.ts'
import { keepNotifying } from './keep-notifying.ts'
import { keepReviewing } from './keep-reviewing.ts'
import { keepRunningApproved } from './keep-running-approved.ts'
import { keepRunningQueue } from './keep-running-queue.ts'
import { keepRunningTraining } from './keep-running-training.ts'
import { keepSchedules } from './keep-schedules.ts'
import { keepWaking } from './keep-waking.ts'
import { keepWatching } from './keep-watching.ts'
import { processJob } from './process-job.ts'

/** How a worker takes jobs. */
export interface WorkerOptions {
  /**
   * Jobs at the same time, 1 to 256; default 4. So many long jobs of each plugin run beside them: a model call or a step of a
   * workflow keeps no proposal from expiring.
   */
  readonly concurrency?: number
  /** Milliseconds that `close` gives running jobs to end; default 10,000. */
  readonly closeWithinMs?: number
  /** Traces and counts the jobs and the queue that they come from, such as `new BullMQOtel('app')` of `bullmq-otel`. */
  readonly telemetry?: JobTelemetry
}

/** A running worker. */
export interface GovernanceWorker {
  /** Takes no more jobs, lets those that run end, and stops; a second call waits for the first. */
  close(): Promise<void>
}

/** The part of an embedded governor that a worker builds on. */
export interface WorkerHost {
  readonly jobs: JobHost
}

const MOST_AT_ONCE = 256
const CONCURRENCY = 4
const CLOSE_WITHIN_MS = 10_000

/**
 * Starts a worker: it keeps the schedules and runs the jobs of the governor (expire, settle, seal, verify, prune,
 * reconcile, escalate) in this process, the approved actions and the queued runs that this process has an `execute` of, the training of agents that it can ask,
 * lets the meta-agent advise where it is to do so unasked, lets autonomous reviewers review and watch where the policy says so, and sends notifications. Any number of processes may run one; close it before the governor.
 *
 * @throws GovernanceError `OPTION_INVALID`, `STORE_UNAVAILABLE`, `DATABASE_NEWER`.
 * @example
 * ```ts
 * import { createGovernor } from '@preceptor/core'
 * import { createWorker } from '@preceptor/worker'
 *
 * const governor = await createGovernor()
 * const worker = await createWorker(governor, { concurrency: 8 })
 * await worker.close()
 * await governor.close()
 * ```
 */
export async function createWorker(governor: WorkerHost, options: WorkerOptions = {}): Promise<GovernanceWorker> {
  const { concurrency = CONCURRENCY, closeWithinMs = CLOSE_WITHIN_MS, telemetry } = options
  requireWhole('concurrency', concurrency, { from: 1, to: MOST_AT_ONCE })
  requireWhole('closeWithinMs', closeWithinMs, { from: 0, to: 2_147_483_647 })
  const { jobs } = governor
  const backend = await jobs.backend(telemetry)
  const takers = await openAll([jobs.queueName, ...jobs.longQueues()], (queue) =>
    backend.openWorker(queue, processJob(jobs, queue), { concurrency, telemetry }),
  )
  const schedules = keepSchedules(jobs)
  const approved = keepRunningApproved(jobs, concurrency)
  const queue = keepRunningQueue(jobs, concurrency)
  const notifications = keepNotifying(jobs)
  const training = keepRunningTraining(jobs, concurrency)
  const advice = keepAdvising(jobs, concurrency)
  const review = keepReviewing(jobs, concurrency)
  const watches = keepWatching(jobs, concurrency)
  const waking = keepWaking(jobs)
  let closing: Promise<void> | undefined

  async function stop(): Promise<void> {
    // All at once: what waits for another to close takes no more work meanwhile.
    const loops = [approved, queue, notifications, training, advice, review, watches, waking].map((loop) =>
      loop.close(),
    )
    await schedules.close()
    const late = new AbortController()
    // BullMQ cannot be hurried once it closes, so it is paused first. A job that is cut off runs again elsewhere.
    const isIdle = await Promise.race([
      Promise.all([...takers.map((taker) => taker.pause()), ...loops]).then(() => true),
      sleep(closeWithinMs, false, { signal: late.signal }),
    ])
    late.abort()
    await Promise.all(takers.map((taker) => taker.close(!isIdle)))
  }

  return {
    close() {
      closing ??= stop()
      return closing
    },
  }
}

/** Opens one after the other; when one cannot be opened, those before it are closed again. */
async function openAll<Taker extends { close(force?: boolean): Promise<unknown> }>(
  queues: readonly string[],
  open: (queue: string) => Promise<Taker>,
): Promise<readonly Taker[]> {
  const opened: Taker[] = []
  try {
    for (const queue of queues) opened.push(await open(queue))
    return opened
  } catch (error) {
    await Promise.all(opened.map((taker) => taker.close(true)))
    throw error
  }
}

function requireWhole(name: string, value: number, { from, to }: { readonly from: number; readonly to: number }): void {
  if (Number.isInteger(value) && value >= from && value <= to) return
  throw new GovernanceError('OPTION_INVALID', {
    message: `createWorker: option "${name}" must be a whole number from ${from} to ${to}.`,
  })
}
