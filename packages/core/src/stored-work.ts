import { countUnsealed } from './analytics/system-store.ts'
import type { Database } from './database/open-database.ts'
import { inWorkspace } from './database/transaction.ts'
import type { DatabasePlace } from './database-place.ts'
import { type FailingJob, type QueueState, readQueues } from './jobs/read-queues.ts'
import { findStuck, hasJobs, readDatabaseTime, type StuckWork } from './jobs/stuck-store.ts'
import { findUnsealedWorkspaces } from './journal/seal-store.ts'
import { withStored } from './stored-database.ts'

/** How the work on a database stands. */
export interface WorkState {
  /** The time of the database: ISO 8601, UTC. */
  readonly at: string
  /** Milliseconds that the work of every worker is late; null where no worker ever came. */
  readonly workersLateMs: number | null
  /** Jobs that failed at least three times within the hour, and have not ended well since. */
  readonly failing: readonly FailingJob[]
  /** What should have gone on by itself, or waits for a person who may not know. */
  readonly stuck: readonly StuckWork[]
}

/** Where the jobs are. */
export interface WorkPlace extends DatabasePlace {
  /** Address of Redis; without it the jobs are in the database. */
  readonly redis?: string | undefined
  /** Name of the queue of core; default `preceptor`. */
  readonly queueName?: string | undefined
}

const SEALED_WITHIN_MS = 60_000
const NOTHING: QueueState = { nextDueAt: null, failing: [] }

/**
 * Reads whether anybody works on a database and what is stuck there, in all of its workspaces; changes nothing, and asks
 * no worker: it may be that there is none.
 *
 * @throws GovernanceError `DATABASE_MISSING`, `DATABASE_OLDER`, `DATABASE_NEWER`, `DATABASE_CHANGED`, `STORE_UNAVAILABLE`,
 * `DEADLINE_EXCEEDED`, `DATA_FOLDER_LOCKED`, `DATA_FOLDER_UNUSABLE`.
 * @example
 * ```ts
 * import { readWork } from '@preceptor/core'
 *
 * export const isStuck = async (database: string): Promise<boolean> => (await readWork({ database })).stuck.length > 0
 * ```
 */
export function readWork(place: WorkPlace = {}): Promise<WorkState> {
  return withStored(place, async (database) => {
    const { at, stuck, isQueued } = await readRecords(database)
    const names = queueNames(place)
    const now = Date.parse(at)
    // Without Redis a database on which no worker ever ran has no place for jobs, and gets none by being looked at.
    const isThere = place.redis !== undefined || isQueued
    const queues = isThere ? await readQueues({ database, redisUrl: place.redis, names, now }) : NOTHING
    const { nextDueAt, failing } = queues
    const workersLateMs = nextDueAt === null ? null : Math.max(0, now - Date.parse(nextDueAt))
    return { at, workersLateMs, failing, stuck: [...stuck, ...(await unsealed(database, now))] }
  })
}

/** That of core, and one for each plugin with long jobs. */
function queueNames({ queueName = 'preceptor', plugins = [] }: WorkPlace): readonly string[] {
  return [queueName, ...plugins.map(({ port }) => `${queueName}-${port.name}`)]
}

function readRecords(database: Database) {
  return inWorkspace(database, { workspace: '*', role: 'system' }, async (tx) => {
    const at = await readDatabaseTime(tx)
    return { at, stuck: await findStuck(tx, at), isQueued: await hasJobs(tx) }
  })
}

async function unsealed(database: Database, now: number): Promise<readonly StuckWork[]> {
  const waiting = await inWorkspace(database, { workspace: '*', role: 'system' }, findUnsealedWorkspaces)
  const found: StuckWork[] = []
  for (const workspace of waiting.filter((name) => name !== '*')) {
    const { unsealed: count, oldestAt } = await inWorkspace(database, { workspace }, countUnsealed)
    if (oldestAt === null || Date.parse(oldestAt) > now - SEALED_WITHIN_MS) continue
    found.push({ kind: 'journal_unsealed', workspace, count, since: oldestAt })
  }
  return found
}
