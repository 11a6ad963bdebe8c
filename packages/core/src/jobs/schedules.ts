import type { Queue } from 'bullmq'
import type { JobName, JobPayload } from './jobs.ts'

/** A job that runs again and again, once for all processes together. */
export interface JobSchedule {
  readonly name: JobName
  readonly everyMs: number
}

const SECOND = 1_000
const HOUR = 3_600_000

/** Every job that runs by the clock. */
export const SCHEDULES: readonly JobSchedule[] = [
  { name: 'reconcile', everyMs: 30 * SECOND },
  { name: 'seal-journal', everyMs: 5 * SECOND },
  { name: 'prune', everyMs: HOUR },
  { name: 'verify-journal', everyMs: 24 * HOUR },
]

// A schedule whose next run is this far behind has lost it.
const LOST_AFTER_MS = 60 * SECOND

/**
 * Registers the schedules that the queue does not have, or has lost the next run of; gives their names. It may be called
 * by any number of processes, and again and again: a schedule that is there is left alone.
 */
export async function keepSchedules(queue: Queue<JobPayload>, now: number): Promise<readonly JobName[]> {
  const known = await queue.getJobSchedulers(0, -1)
  const missing = SCHEDULES.filter(({ name, everyMs }) => {
    const scheduler = known.find(({ key }) => key === name)
    return scheduler === undefined || Number(scheduler.every) !== everyMs || (scheduler.next ?? 0) < now - LOST_AFTER_MS
  })
  for (const { name, everyMs } of missing) {
    const options = {
      attempts: 3,
      backoff: { type: 'exponential', delay: SECOND },
      removeOnComplete: 10,
      removeOnFail: 100,
    }
    await queue.upsertJobScheduler(name, { every: everyMs }, { name, data: {}, opts: options })
  }
  return missing.map(({ name }) => name)
}
