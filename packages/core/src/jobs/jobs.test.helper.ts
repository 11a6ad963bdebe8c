import { describeWithRedis, startRedis } from '@preceptor/test-setup'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { GovernorContext, Report } from '../context.ts'
import {
  createPorts,
  describeOnEachStore,
  describeOnPostgres,
  type TestStore,
} from '../journal/each-store.test.helper.ts'
import { createJournal, type OpenJournal } from '../journal/journal.ts'
import { createSharedReads } from '../journal/shared-reads.ts'
import type { Clock } from '../kernel/clock.ts'
import { DEFAULT_SETTINGS } from '../settings.ts'
import { createMeter } from '../telemetry/meter.ts'
import { createJobHost, type JobHostOptions, type OpenJobHost } from './job-host.ts'

/** 2 January 2026, 12:00:00 UTC. */
export const NOON: number = Date.UTC(2026, 0, 2, 12)

/** A clock that stands where a test puts it. */
export function stoppedClock(at: number = NOON): Clock & { at: number } {
  const clock = { at, now: () => clock.at, monotonic: () => clock.at }
  return clock
}

/** A context with what it reported. */
export interface TestContext extends GovernorContext {
  readonly reports: Report[]
  readonly journal: OpenJournal
}

const journals: OpenJournal[] = []
const hosts: OpenJobHost[] = []

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
  await Promise.all(journals.splice(0).map((journal) => journal.close().catch(() => undefined)))
})

/** Makes a context on a store, which ends with the test; on a clock of its own when one is given. */
export function openContext(store: Pick<TestStore, 'database'>, clock?: Clock): TestContext {
  const ports = createPorts(store.database, clock === undefined ? {} : { clock })
  const journal = createJournal(ports)
  journals.push(journal)
  return {
    ...ports,
    failpoint: async () => undefined,
    settled: async () => undefined,
    failed: async () => undefined,
    sessionSteps: { hold: async () => ({ isTerminated: false }), ended: async () => undefined },
    sessionBells: { ring: () => undefined, subscribe: () => () => undefined },
    sharedReads: createSharedReads(),
    journal,
    meter: createMeter(),
    settings: DEFAULT_SETTINGS,
  }
}

/** Opens a job host, which ends with the test. */
export function openHost(options: JobHostOptions): OpenJobHost {
  const host = createJobHost(options)
  hosts.push(host)
  return host
}

/** A Redis of one's own, which a test may empty and kill. */
export interface TestRedis {
  readonly url: string
  kill(): Promise<void>
  /** Starts it again, empty, at the same address. */
  revive(): Promise<void>
}

/** Starts a Redis for the tests of a group. */
export function useRedis(): TestRedis {
  let server: Awaited<ReturnType<typeof startRedis>> | undefined
  let url = ''
  beforeAll(async () => {
    server = await startRedis({ install: false })
    url = server.url
  })
  afterAll(async () => {
    await server?.stop()
  })
  return {
    get url() {
      return url
    },
    async kill() {
      await server?.kill()
      server = undefined
    },
    async revive() {
      server = await startRedis({ install: false, port: Number(new URL(url).port) })
    },
  }
}

/** Where the jobs of a test are. */
export interface TestQueue {
  readonly store: TestStore
  options(context: GovernorContext): JobHostOptions
}

/** Runs the same tests with the jobs on PGlite, on Postgres and on Redis. */
export function describeOnEachQueue(title: string, tests: (queue: TestQueue) => void): void {
  describeOnEachStore(title, (store) => tests({ store, options: (context) => ({ context }) }))
  describeWithRedis(`${title} on redis`, () => {
    describeOnPostgres('and postgres', (store) => {
      const redis = useRedis()
      tests({ store, options: (context) => ({ context, redisUrl: redis.url }) })
    })
  })
}

/** Adds a workspace with the agent `bot`. */
export async function seedWorkspace(store: TestStore): Promise<string> {
  const workspace = await store.workspace()
  await store.asOwner(
    `insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
     values ($1, 'bot', 'Bot', 'system', now(), now())`,
    [workspace],
  )
  return workspace
}

/** A record to be added to a workspace; times in milliseconds since the epoch. */
export interface Seed {
  readonly workspace: string
  readonly id: string
  readonly state: string
  readonly expiresAt: number
}

const HASH = 'a'.repeat(64)

/** Adds a proposal of `bot`, whatever led to its state: the guards of the table are put aside. */
export async function seedProposal(store: TestStore, { workspace, id, state, expiresAt }: Seed): Promise<void> {
  const client = await store.database.pool.connect()
  try {
    await client.query("set session_replication_role to 'replica'")
    await client.query(
      `insert into proposals (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, risk, maturity,
         source, executor, required_approvals, state, proposed_by, requested_hash, expires_at, created_at, updated_at)
       values ($1, $2, 'bot', 'dec_' || $1, $1, 'refund.create', $3, 'high', 'intern', 'ai_coordinator', 'caller', 1, $4,
         'agent:bot', $3, $5, $6, $6)`,
      [id, workspace, HASH, state, new Date(expiresAt), new Date(expiresAt - 86_400_000)],
    )
    await client.query('reset session_replication_role')
  } finally {
    client.release()
  }
}

/** Adds a queue entry of `bot`. */
export async function seedQueueEntry(store: TestStore, { workspace, id, state, expiresAt }: Seed): Promise<void> {
  await store.asOwner(
    `insert into supervised_queue (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, args,
       args_hash, risk, source, priority, state, expires_at, created_at, updated_at)
     values ($1, $2, 'bot', 'dec_' || $1, $1, 'refund.create', $3, '{}', $3, 'high', 'ai_coordinator', 1, $4, $5, $6, $6)`,
    [id, workspace, HASH, state, new Date(expiresAt), new Date(expiresAt - 86_400_000)],
  )
}

/** Adds an execution of `bot`; its lease ends at `expiresAt`. */
export async function seedExecution(store: TestStore, { workspace, id, state, expiresAt }: Seed): Promise<void> {
  await store.asOwner(
    `insert into executions (id, workspace_id, agent_id, idempotency_key, action, digest, args_hash, idempotent,
       decision_id, state, claimant, fence, attempt, lease_expires_at, claimed_at)
     values ($1, $2, 'bot', $1, 'refund.create', $3, $3, false, 'dec_' || $1, $4, 'here', 1, 1, $5, $5)`,
    [id, workspace, HASH, state, new Date(expiresAt)],
  )
}

/** The states of the records of a workspace by id. */
export async function statesOf(
  store: TestStore,
  table: 'proposals' | 'supervised_queue' | 'executions',
  workspace: string,
): Promise<Readonly<Record<string, string>>> {
  const rows = await store.asOwner(`select id, state from ${table} where workspace_id = $1 order by id`, [workspace])
  return Object.fromEntries(rows.map(({ id, state }) => [String(id), String(state)]))
}

/** The subjects of the journal rows of a kind, in order of their ids. */
export async function journalled(store: TestStore, workspace: string, kind: string): Promise<readonly unknown[]> {
  const rows = await store.asOwner(
    'select subject_id from journal where workspace_id = $1 and kind = $2 order by subject_id',
    [workspace, kind],
  )
  return rows.map((row) => row.subject_id)
}
