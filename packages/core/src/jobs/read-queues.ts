import type { Queue } from 'bullmq'
import type { Database } from '../database/open-database.ts'
import { withDeadline } from '../kernel/deadline.ts'
import { openJobBackend } from './backend.ts'
import type { JobPayload } from './jobs.ts'
import { RECONCILE } from './jobs.ts'

/** A job that failed again and again, and has not ended well since. */
export interface FailingJob {
  readonly job: string
  readonly queue: string
  /** How often within the last hour; each of them was tried three times. */
  readonly failures: number
  /** ISO 8601, UTC. */
  readonly lastAt: string
  /** What the last one said; it may name what others wrote. */
  readonly reason: string
}

/** What the queues say of the work. */
export interface QueueState {
  /** When the job that every worker keeps going is due next; null where no worker ever came. */
  readonly nextDueAt: string | null
  readonly failing: readonly FailingJob[]
}

/** Where the queues are. */
export interface QueuePlace {
  readonly database: Database
  readonly redisUrl?: string | undefined
  /** Names; the first is that of core. */
  readonly names: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: number
}

const WITHIN_MS = 5_000
const HOUR_MS = 3_600_000
const AGAIN_AND_AGAIN = 3
const MOST = 500

/** Reads the state of the queues; changes nothing. @throws GovernanceError `STORE_UNAVAILABLE`, `DEADLINE_EXCEEDED`. */
export async function readQueues({ database, redisUrl, names, now }: QueuePlace): Promise<QueueState> {
  const place = { database, onError: () => undefined, isReader: true }
  const backend = await openJobBackend(redisUrl === undefined ? place : { ...place, redisUrl })
  const reading = async (): Promise<QueueState> => {
    const failing: FailingJob[] = []
    let nextDueAt: string | null = null
    for (const [index, name] of names.entries()) {
      const queue = await backend.openQueue<JobPayload>(name)
      if (index === 0) nextDueAt = await nextOf(queue)
      failing.push(...(await failingIn(queue, now)))
    }
    return { nextDueAt, failing }
  }
  try {
    return await withDeadline(reading(), { milliseconds: WITHIN_MS })
  } finally {
    await backend.close()
  }
}

async function nextOf(queue: Queue<JobPayload>): Promise<string | null> {
  const schedulers = await queue.getJobSchedulers(0, -1)
  const next = schedulers.find(({ key }) => key === RECONCILE)?.next
  return next === undefined ? null : new Date(next).toISOString()
}

/** By name: what failed within the hour, where nothing of that name has ended well since. */
async function failingIn(queue: Queue<JobPayload>, now: number): Promise<readonly FailingJob[]> {
  const [failed, completed] = [await queue.getFailed(0, MOST), await queue.getCompleted(0, MOST)]
  const endedWell = new Map<string, number>()
  for (const { name, finishedOn = 0 } of completed) endedWell.set(name, Math.max(endedWell.get(name) ?? 0, finishedOn))
  const recent = failed.filter(
    ({ name, finishedOn = 0 }) => finishedOn > now - HOUR_MS && finishedOn > (endedWell.get(name) ?? 0),
  )
  return [...new Set(recent.map(({ name }) => name))].flatMap((name) => {
    const own = recent.filter((one) => one.name === name)
    const [last] = own.toSorted((one, other) => (other.finishedOn ?? 0) - (one.finishedOn ?? 0))
    if (last === undefined || own.length < AGAIN_AND_AGAIN) return []
    const lastAt = new Date(last.finishedOn ?? 0).toISOString()
    return [{ job: name, queue: queue.name, failures: own.length, lastAt, reason: last.failedReason ?? '' }]
  })
}
