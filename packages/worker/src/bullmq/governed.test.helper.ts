import { randomUUID } from 'node:crypto'
import { type ActionDefinitions, GovernanceError, type Proposal } from '@preceptor/client'
import type { GovernorOptions } from '@preceptor/core'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { type Job, type JobsOptions, Queue, Worker, type WorkerOptions } from 'bullmq'
import { createWorker } from '../create-worker.ts'
import type { GovernedProcessor } from './governed-processor.ts'

export const ACTIONS: ActionDefinitions = {
  'refund.create': { risk: 'high' },
  'refund.retry': { risk: 'high', idempotent: true },
  'note.write': { risk: 'medium' },
}

/** A queue of somebody on the Redis of the run, with a plane beside it. */
export interface Stage {
  readonly test: TestGovernor
  readonly queue: Queue
  /** Starts a worker of the queue. */
  work(processor: GovernedProcessor<Job, unknown>, options?: Partial<WorkerOptions>): Worker
  /** The only proposal that waits. */
  waiting(): Promise<Proposal>
  close(): Promise<void>
}

/** Opens a stage on a Redis. */
export async function openStage(redis: string, options: GovernorOptions = {}): Promise<Stage> {
  const connection = { url: redis, maxRetriesPerRequest: null }
  const test = await createTestGovernor({ actions: ACTIONS, ...options })
  const jobs = await createWorker(test.governor)
  const queue = new Queue(`refunds-${randomUUID()}`, { connection })
  const workers: Worker[] = []
  return {
    test,
    queue,
    work(processor, given) {
      const worker = new Worker(queue.name, processor, { connection, ...given })
      // A lock that was lost is what some of these tests are about.
      worker.on('error', () => undefined)
      workers.push(worker)
      return worker
    },
    async waiting() {
      const { items } = await test.admin.proposals.list({ state: 'pending' })
      const [proposal] = items
      if (proposal === undefined || items.length > 1)
        throw new GovernanceError('CONFLICT', { message: `${items.length} wait.` })
      return proposal
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close(true)))
      await queue.obliterate({ force: true })
      await queue.close()
      await jobs.close()
      await test.close()
    },
  }
}

/** Adds a job, and gives its id. */
export async function add(queue: Queue, data: object, options: JobsOptions = {}, name = 'refund'): Promise<string> {
  const { id } = await queue.add(name, data, { attempts: 5, ...options })
  if (id === undefined) throw new Error('The job has no id.')
  return id
}

/** A job as Redis has it now. */
export async function read(queue: Queue, id: string): Promise<Job> {
  const job = await queue.getJob(id)
  if (job === undefined) throw new Error(`There is no job ${id}.`)
  return job
}
