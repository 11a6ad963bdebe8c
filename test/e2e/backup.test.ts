import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ControlScope, Proposal } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor, type GovernorOptions } from '@preceptor/core'
import { createTestDatabase, installedBinaries, startPostgres } from '@preceptor/test-setup'
import { createWorker } from '@preceptor/worker'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'

const run = promisify(execFile)
const WITHIN = { timeout: 30_000, interval: 50 }
const PATIENT = { attachWithinMs: 60_000, supervisorLeaseMs: 60_000, deadlineMs: 20_000 }
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** What ran in the world outside, by its idempotency key, over all processes. */
type Effects = Map<string, number>

interface Plane {
  readonly governor: EmbeddedGovernor
  readonly admin: ControlScope
  readonly as: (kind: 'user' | 'agent', id: string, ...roles: ('admin' | 'supervisor')[]) => ControlScope
  close(): Promise<void>
}

async function open(options: GovernorOptions, effects: Effects): Promise<Plane> {
  const execute = ({ args, idempotencyKey }: { readonly args: unknown; readonly idempotencyKey: string }) => {
    effects.set(idempotencyKey, (effects.get(idempotencyKey) ?? 0) + 1)
    return args
  }
  const governor = await createGovernor({
    ...options,
    migrate: true,
    settings: PATIENT,
    report: () => undefined,
    actions: { 'refund.create': { risk: 'high', execute }, 'order.read': { risk: 'safe' } },
  })
  const as: Plane['as'] = (kind, id, ...roles) => governor.as({ workspace: 'default', principal: { kind, id, roles } })
  return { governor, as, admin: as('user', 'root', 'admin'), close: () => governor.close() }
}

/** Lets a worker run until a condition holds. */
async function work({ governor }: Plane, until: () => Promise<void>): Promise<void> {
  const worker = await createWorker(governor)
  try {
    await vi.waitFor(until, WITHIN)
  } finally {
    await worker.close()
  }
}

async function ask(plane: Plane, agent: string, cents: number): Promise<string> {
  const trigger = { agent, action: 'refund.create', args: { cents }, idempotencyKey: `refund ${cents}` }
  const decision = await plane.as('agent', agent).decide(trigger)
  if (decision.route === 'proposal') return decision.proposal.id
  if (decision.route === 'queue') return decision.queueEntry.id
  throw new Error(`${decision.route}: ${decision.reason}`)
}

async function approve(plane: Plane, id: string): Promise<Proposal> {
  const { version, actionHash } = await plane.admin.proposals.get(id)
  return plane.as('user', 'ana', 'supervisor').proposals.approve(id, { version, actionHash })
}

const stateOf = async (plane: Plane, id: string): Promise<string> => (await plane.admin.proposals.get(id)).state

/** What waits, in each of the places where something can. */
interface Waiting {
  readonly ran: string
  readonly approved: string
  readonly pending: string
  readonly queued: string
}

/** A plane in the middle of its work: one thing ran, one was approved, one is asked for, and one waits to be watched. */
async function begin(plane: Plane): Promise<Waiting> {
  await plane.admin.agents.register({ id: 'intern', maturity: 'intern', ownerId: 'system' })
  await plane.admin.agents.register({ id: 'watched', maturity: 'supervised', ownerId: 'system' })
  await plane.admin.agents.register({ id: 'reader', maturity: 'autonomous', ownerId: 'system' })
  await plane.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  const ran = await ask(plane, 'intern', 1)
  await approve(plane, ran)
  await work(plane, async () => expect(await stateOf(plane, ran)).toBe('succeeded'))
  const approved = await ask(plane, 'intern', 2)
  await approve(plane, approved)
  return { ran, approved, pending: await ask(plane, 'intern', 3), queued: await ask(plane, 'watched', 4) }
}

/** Everything that waited goes on, once. */
async function goesOn(plane: Plane, { ran, approved, pending, queued }: Waiting, effects: Effects): Promise<void> {
  const ana = plane.as('user', 'ana', 'supervisor')
  expect(await stateOf(plane, ran)).toBe('succeeded')
  expect(await stateOf(plane, pending)).toBe('pending')
  await approve(plane, pending)
  await ana.presence.heartbeat()
  const attached = new Set<string>()
  await work(plane, async () => {
    const { sessionId, state } = await ana.queue.get(queued)
    if (sessionId !== null && !attached.has(sessionId)) {
      attached.add(sessionId)
      await ana.sessions.attach(sessionId)
    }
    expect([await stateOf(plane, approved), await stateOf(plane, pending)]).toEqual(['succeeded', 'succeeded'])
    expect(state).toBe('completed')
  })
  expect([...effects.values()], JSON.stringify([...effects])).toEqual([1, 1, 1, 1])
}

// npm's Postgres has no programs but the server.
const PROGRAMS = installedBinaries()
const hasDump = PROGRAMS !== undefined && existsSync(join(PROGRAMS, 'pg_dump'))
const program = (name: string, ...args: string[]) => run(join(PROGRAMS ?? '', name), args)

describe(verifies(['OPS-2'], 'a plane that was lost and restored'), () => {
  it('goes on from a copy of its folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'preceptor-backup-'))
    closing.push(() => rm(folder, { recursive: true, force: true }))
    const [dataFolder, copy] = [join(folder, 'data'), join(folder, 'copy')]
    const effects: Effects = new Map()
    const first = await open({ dataFolder }, effects)
    const waiting = await begin(first)
    await first.close()
    await cp(dataFolder, copy, { recursive: true })
    await rm(dataFolder, { recursive: true })
    await cp(copy, dataFolder, { recursive: true })
    const second = await open({ dataFolder }, effects)
    closing.push(second.close)
    await goesOn(second, waiting, effects)
    expect(await second.admin.journal.verify()).toMatchObject({ ok: true })
  }, 120_000)
})

describe.skipIf(!hasDump || !process.env.DATABASE_URL)(
  verifies(['OPS-2'], 'a plane whose database server was lost (needs postgres)'),
  () => {
    it('goes on from a dump that was made while it ran, on a new server, with an empty Redis', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'preceptor-dump-'))
      closing.push(() => rm(folder, { recursive: true, force: true }))
      const redis = process.env.REDIS_URL
      const queueOf = (name: string): GovernorOptions => (redis === undefined ? {} : { redis, queueName: name })
      const effects: Effects = new Map()
      const database = await createTestDatabase()
      const first = await open({ database: database.url, ...queueOf('before-the-loss') }, effects)
      const waiting = await begin(first)
      const traffic = keepReading(first)
      const dump = await dumpOf(database.url, folder)
      const asked = await traffic.end()
      await first.close()
      await database.drop()
      const server = await startPostgres()
      closing.push(server.stop)
      await restore(dump, server.url)
      const second = await open({ database: server.url, ...queueOf('after-the-loss') }, effects)
      closing.push(second.close)
      await goesOn(second, waiting, effects)
      const verification = await second.admin.journal.verify()
      expect(verification).toMatchObject({ ok: true })
      expect(asked).toBeGreaterThan(0)
    }, 180_000)
  },
)

/** Lets an agent act without end, so that there is no quiet moment to copy. */
function keepReading(plane: Plane): { end(): Promise<number> } {
  let asked = 0
  let isOver = false
  const reader = plane.as('agent', 'reader')
  const reading = (async () => {
    while (!isOver) {
      await reader.guard({ agent: 'reader', action: 'order.read', args: { asked } }, () => 'read')
      asked += 1
    }
  })()
  return {
    async end() {
      isOver = true
      await reading
      return asked
    },
  }
}

interface Dump {
  readonly roles: string
  readonly database: string
}

/** What docs/operations.md says of a backup. */
async function dumpOf(url: string, folder: string): Promise<Dump> {
  const dump = { roles: join(folder, 'roles.sql'), database: join(folder, 'preceptor.dump') }
  await program('pg_dumpall', '--roles-only', '--no-role-passwords', '--file', dump.roles, '--dbname', url)
  await program('pg_dump', '--format=custom', '--file', dump.database, url)
  return dump
}

async function restore(dump: Dump, url: string): Promise<void> {
  // The one who restores is there already.
  await program('psql', '--quiet', '--file', dump.roles, url)
  await program('pg_restore', '--exit-on-error', '--dbname', url, dump.database)
}
