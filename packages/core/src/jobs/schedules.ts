import type { Queue } from 'bullmq'
import type { PluginJob } from '../plugins/plugin.ts'
import type { JobPayload } from './jobs.ts'

/** A job that runs by the clock, once for all processes together. */
export interface JobSchedule {
  readonly name: string
  /** Second, minute, hour, day, month, weekday; UTC. */
  readonly pattern: string
}

/**
 * Every job that runs by the clock. They are patterns rather than intervals, because then all processes that register
 * one at the same moment mean the same next run.
 */
export const SCHEDULES: readonly JobSchedule[] = [
  { name: 'reconcile', pattern: '*/30 * * * * *' },
  { name: 'seal-journal', pattern: '*/5 * * * * *' },
  { name: 'count-evidence', pattern: '*/5 * * * * *' },
  { name: 'pause-unwatched', pattern: '*/5 * * * * *' },
  { name: 'escalate-proposals', pattern: '*/5 * * * * *' },
  { name: 'check-alerts', pattern: '*/5 * * * * *' },
  { name: 'process-queue', pattern: '0 * * * * *' },
  { name: 'update-presence', pattern: '*/10 * * * * *' },
  { name: 'count-decisions', pattern: '20 * * * * *' },
  { name: 'check-slow-alerts', pattern: '50 * * * * *' },
  { name: 'check-promotion', pattern: '30 * * * * *' },
  { name: 'prune', pattern: '0 17 * * * *' },
  { name: 'checkpoint-journal', pattern: '45 * * * * *' },
  { name: 'verify-journal', pattern: '0 0 3 * * *' },
  { name: 'decay', pattern: '0 30 3 * * *' },
  { name: 'check-daily-alerts', pattern: '0 50 3 * * *' },
]

const OPTIONS = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000 },
  removeOnComplete: 10,
  removeOnFail: 100,
}

// A schedule whose next run is this far behind has lost it.
const LOST_AFTER_MS = 60_000

/**
 * Registers the schedules that the queue does not have, or has lost the next run of; gives their names. It may be called
 * by any number of processes, and again and again: a schedule that is there is left alone.
 */
export async function keepSchedules(
  queue: Queue<JobPayload>,
  now: number,
  schedules: readonly JobSchedule[] = SCHEDULES,
): Promise<readonly string[]> {
  const known = await queue.getJobSchedulers(0, -1)
  const missing = schedules.filter(({ name, pattern }) => {
    const scheduler = known.find(({ key }) => key === name)
    return scheduler?.pattern !== pattern || (scheduler.next ?? 0) < now - LOST_AFTER_MS
  })
  for (const { name, pattern } of missing) {
    await queue.upsertJobScheduler(name, { pattern, tz: 'UTC' }, { name, data: {}, opts: OPTIONS })
  }
  return missing.map(({ name }) => name)
}

/** The jobs of plugins that run by the clock. */
export function pluginSchedules(jobs: ReadonlyMap<string, PluginJob>): readonly JobSchedule[] {
  return [...jobs].flatMap(([name, { pattern }]) => (pattern === undefined ? [] : [{ name, pattern }]))
}
