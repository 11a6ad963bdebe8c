import type { GovernorContext } from '../context.ts'
import { withDeadline } from '../kernel/deadline.ts'
import type { PluginJob, PluginWork } from '../plugins/plugin.ts'
import type { QueueTurn } from '../queue/run-queue.ts'
import type { JobBackend, JobTelemetry } from './backend.ts'
import { type JobPayload, RECONCILE, runJob } from './jobs.ts'
import { type JobQueues, longQueues, ownLongQueues, queueOf, runTaken, schedulesOf } from './long-jobs.ts'
import { wakeDueWork } from './plugin-jobs.ts'
import { createQueueAccess, type QueueAccess } from './queue-access.ts'
import { keepSchedules } from './schedules.ts'

/** What a worker needs of a governor. The queue is opened when it is first asked for. */
export interface JobHost {
  /** Name of the queue of core, in which all jobs stand but the long ones of plugins. */
  readonly queueName: string
  /** Names of the queues of long jobs that workers of this process take from; each has places of its own. */
  longQueues(): readonly string[]
  /**
   * Where the jobs are. Who asks first says how the queue is traced.
   *
   * @throws GovernanceError `STORE_UNAVAILABLE`, `DATABASE_NEWER`.
   */
  backend(telemetry?: JobTelemetry): Promise<JobBackend>
  /**
   * Runs a job by name; the payload carries ids only. Who took it from a queue names that: what stands in the wrong one is
   * passed on to the right one.
   *
   * @throws GovernanceError `INPUT_INVALID` for a job that this release does not know, or the code of a fault.
   */
  run(name: string, payload: JobPayload, queue?: string): Promise<void>
  /** Adds a job to its queue unless it is there already; false when the queue did not take it within two seconds. Never throws. */
  enqueue(name: string, payload: JobPayload): Promise<boolean>
  /** Registers the schedules that the queues of this process lack, such as after Redis was emptied. Never throws. */
  keepSchedules(): Promise<void>
  /**
   * Calls the listener after something happened in a workspace of this process, which may be an approval; a hint, which
   * may be late or lost. Gives the function that ends it.
   */
  onWork(listener: () => void): () => void
  /** Runs approved proposals that this process has an executor of, at most so many at once; gives how many it ran. */
  runApproved(limit: number): Promise<number>
  /**
   * Takes a turn at the supervised queue: asks supervisors to watch what this process has an executor of, and begins at most
   * so many runs that are watched.
   */
  runQueue(limit: number): Promise<QueueTurn>
  /** Turns what was sealed into notifications and sends what is due, at most so many at once; gives how many it tried. */
  notify(limit: number): Promise<number>
  /** Goes on with the training of agents that this process can ask, at most so many sessions at once; gives how many. */
  runTraining(limit: number): Promise<number>
  /** Lets the meta-agent advise on proposals, where it is to do so unasked, at most so many at once; gives how many. */
  advise(limit: number): Promise<number>
  /** Lets autonomous reviewers look at new proposals, where the policy says so, at most so many at once; gives how many. */
  review(limit: number): Promise<number>
  /**
   * Lets autonomous reviewers of this process watch runs that no person watches, where the policy says so, at most so many
   * sessions more; gives how many. They watch until the governor is closed.
   */
  watch(limit: number): Promise<number>
  /** Finds what is due at once for jobs of plugins and wakes a worker for it; gives how much there was. */
  wakeDue(): Promise<number>
  /** Tells the host's log. */
  report: GovernorContext['report']
}

/** A job host that was opened here. */
export interface OpenJobHost extends JobHost {
  /** Adds work of a plugin under the name that its job has in the queue. Never throws. */
  wake(job: string, work: PluginWork): Promise<boolean>
  /** Closes the queues, and the workers on them, when they were opened. */
  close(): Promise<void>
}

/** What a job host stands on. */
export interface JobHostOptions {
  readonly context: GovernorContext
  readonly runApproved?: JobHost['runApproved']
  readonly onWork?: JobHost['onWork']
  readonly notify?: JobHost['notify']
  readonly runTraining?: JobHost['runTraining']
  readonly runQueue?: JobHost['runQueue']
  readonly advise?: JobHost['advise']
  readonly review?: JobHost['review']
  readonly watch?: JobHost['watch']
  /** Jobs of plugins by the name that they have in the queue; known once the first job is asked for. */
  readonly pluginJobs?: () => ReadonlyMap<string, PluginJob>
  /** Address of Redis; without it the jobs are in the database. */
  readonly redisUrl?: string | undefined
  /** Keeps products apart that share a Redis; default `preceptor`. */
  readonly queueName?: string | undefined
}

/** A job to be added. */
interface Addition {
  readonly name: string
  readonly payload: JobPayload
  /** Default: the time slot. */
  readonly key?: string | undefined
  /** Default: the one in which it stands. */
  readonly queue?: string
}

const SCHEDULES_WITHIN_MS = 5_000
// One job for each name and workspace in such a time: whoever finds the same work due wakes it once.
const SLOT_MS = 10_000

/** Makes what a worker builds on. */
export function createJobHost(options: JobHostOptions): OpenJobHost {
  const {
    context,
    redisUrl,
    queueName = 'preceptor',
    runApproved = async () => 0,
    onWork = () => () => undefined,
    notify = async () => 0,
    runTraining = async () => 0,
    runQueue = async () => ({ offered: 0, runs: [] }),
    advise = async () => 0,
    review = async () => 0,
    watch = async () => 0,
    pluginJobs = () => new Map(),
  } = options
  const queues = (): JobQueues => ({ name: queueName, pluginJobs: pluginJobs() })
  const access = createQueueAccess({ context, redisUrl, names: () => [queueName, ...longQueues(queues())] })
  const { add, keepSchedulesOf } = bindQueues(context, access, queues)

  const enqueue = (name: string, payload: JobPayload): Promise<boolean> => add({ name, payload })

  const wake = (job: string, { workspace, id, key }: PluginWork): Promise<boolean> =>
    add({ name: job, payload: { workspace, ...(id === undefined ? {} : { id }) }, key })

  return {
    queueName,
    longQueues: () => ownLongQueues(queues()),
    report: context.report,
    runApproved,
    onWork,
    notify,
    runTraining,
    runQueue,
    advise,
    review,
    watch,
    enqueue,
    wake,
    wakeDue: () => wakeDueWork(context, pluginJobs(), wake),
    backend: async (telemetry) => (await access.open(telemetry)).backend,
    run(name, payload, queue) {
      const dependencies = { context, enqueue, pluginJobs: pluginJobs() }
      if (queue === undefined) return runJob(dependencies, name, payload)
      return runTaken(dependencies, queues(), { name, payload, queue })
    },
    async keepSchedules() {
      await Promise.all([queueName, ...ownLongQueues(queues())].map(keepSchedulesOf))
    },
    close: () => access.close(),
  }
}

/** Binds what is done with a queue to the way to the queues. */
function bindQueues(context: GovernorContext, access: QueueAccess, queues: () => JobQueues) {
  async function add({ name, payload, key, queue = queueOf(queues(), name) }: Addition): Promise<boolean> {
    const slot = key ?? Math.floor(context.clock.now() / SLOT_MS)
    const place = payload.workspace === '*' ? '@all' : (payload.workspace ?? '@due')
    const id = [name, place, ...(payload.id === undefined ? [] : [payload.id]), slot].join('.')
    const isAdded = await access.attempt(queue, async (opened, backend) => {
      await backend.add(opened, { name, data: payload, id })
      return true
    })
    return isAdded === true
  }

  async function keepSchedulesOf(queue: string): Promise<void> {
    const isNew = await access.attempt(queue, async (opened) => {
      const keeping = keepSchedules(opened, context.clock.now(), schedulesOf(queues(), queue))
      return (await withDeadline(keeping, { milliseconds: SCHEDULES_WITHIN_MS })).length > 0
    })
    // Where schedules were missing, jobs may be missing too.
    if (isNew === true) await add({ name: RECONCILE, payload: {}, queue })
  }

  return { add, keepSchedulesOf }
}
