import { GovernanceError } from '@preceptor/client'
import type { PluginJob } from '../plugins/plugin.ts'
import { type JobDependencies, type JobPayload, RECONCILE, runJob } from './jobs.ts'
import { findPluginWork, wakeLostWork } from './plugin-jobs.ts'
import { type JobSchedule, pluginSchedules, SCHEDULES } from './schedules.ts'

/** A job that a worker took from a queue. */
export interface TakenJob {
  readonly name: string
  readonly payload: JobPayload
  /** The queue that it was taken from. */
  readonly queue: string
}

/** The queues of a governor: that of core, and those of the long jobs of plugins. */
export interface JobQueues {
  /** The queue of core. */
  readonly name: string
  readonly pluginJobs: ReadonlyMap<string, PluginJob>
}

/** The queue in which a job stands: that of its plugin when it takes its time, else that of core. */
export function queueOf({ name: core, pluginJobs }: JobQueues, job: string): string {
  // The name of a plugin has no hyphen, so the first one ends it.
  return pluginJobs.get(job)?.isLong === true ? `${core}-${job.slice(0, job.indexOf('-'))}` : core
}

/** Queues of long jobs, also of those that are done elsewhere. */
export function longQueues(queues: JobQueues): readonly string[] {
  const names = [...queues.pluginJobs.keys()].map((job) => queueOf(queues, job))
  return [...new Set(names)].filter((name) => name !== queues.name)
}

/** Queues of long jobs that this process does. */
export function ownLongQueues(queues: JobQueues): readonly string[] {
  return longQueues({ ...queues, pluginJobs: jobsWhere(queues, (_, job) => job.isElsewhere !== true) })
}

/** What runs by the clock in a queue; that of a plugin is reconciled by whoever takes from it. */
export function schedulesOf(queues: JobQueues, queue: string): readonly JobSchedule[] {
  const jobs = jobsIn(queues, queue)
  if (queue === queues.name) return [...SCHEDULES, ...pluginSchedules(jobs)]
  const isReconciled = [...jobs.values()].some((job) => job.isReconciled === true)
  return [...SCHEDULES.filter(({ name }) => isReconciled && name === RECONCILE), ...pluginSchedules(jobs)]
}

/**
 * Runs a job that was taken from a queue. What stands in another queue than it should, because an older release or another
 * process put it there, is passed on; what a long job is due for is woken, so that free workers share it.
 *
 * @throws GovernanceError `INPUT_INVALID`, `STORE_UNAVAILABLE`, or the code of a fault.
 */
export async function runTaken(
  dependencies: JobDependencies,
  queues: JobQueues,
  { name, payload, queue }: TakenJob,
): Promise<void> {
  const { context, enqueue } = dependencies
  const pluginJobs = jobsIn(queues, queue)
  if (name === RECONCILE) {
    if (queue === queues.name) return runJob({ ...dependencies, pluginJobs }, name, payload)
    return wakeLostWork(context, pluginJobs, enqueue)
  }
  const add = async (work: JobPayload): Promise<void> => {
    if (await enqueue(name, work)) return
    throw new GovernanceError('STORE_UNAVAILABLE', { message: `The job queue did not take ${name}.` })
  }
  const job = queues.pluginJobs.get(name)
  if (job !== undefined && !pluginJobs.has(name)) return add(payload)
  if (job?.isLong !== true || payload.workspace !== undefined) return runJob(dependencies, name, payload)
  for (const { workspace, id } of await findPluginWork(context, job)) {
    await add({ workspace, ...(id === undefined ? {} : { id }) })
  }
}

function jobsIn(queues: JobQueues, queue: string): ReadonlyMap<string, PluginJob> {
  return jobsWhere(queues, (name) => queueOf(queues, name) === queue)
}

function jobsWhere(
  { pluginJobs }: JobQueues,
  isMeant: (name: string, job: PluginJob) => boolean,
): ReadonlyMap<string, PluginJob> {
  return new Map([...pluginJobs].filter(([name, job]) => isMeant(name, job)))
}
