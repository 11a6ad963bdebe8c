import { setTimeout as delay } from 'node:timers/promises'
import type { Bypass, ControlScope } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { createTestDatabase, describeWithPostgres, startRedis, type TestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFaultyWay } from '../faults/faulty-way.ts'
import { verifies } from '../verifies.ts'
import { type Claimant, startClaimant } from './claimant.ts'

const ROUNDS = 5
const FEWER_ROUNDS = 2
const LATEST_MS = 1_000
const HOUR_MS = 3_600_000

/** A way to contain an agent, and the actions that it ends. */
interface Containment {
  /** Begins as a student under a bypass; autonomous otherwise. */
  readonly begins?: (agent: string) => Promise<unknown>
  readonly act: (agent: string) => Promise<unknown>
  readonly ends: readonly string[]
}

/** What still started after a containment was acknowledged. */
interface Late {
  /** Milliseconds after the acknowledgement at which the last one started; 0 for none. */
  readonly last: number
  readonly count: number
}

let database: TestDatabase
let governor: EmbeddedGovernor
let admin: ControlScope
let agents = 0

describeWithPostgres('a stop or a demotion in one process', () => {
  beforeAll(async () => {
    database = await createTestDatabase()
    governor = await createGovernor({ database: database.url, migrate: true, report: () => undefined })
    admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
  })
  afterAll(async () => {
    await governor.close()
    await database.drop()
  })

  async function actingAgent(other: Claimant, begins?: Containment['begins']): Promise<string> {
    agents += 1
    const agent = `bot-${agents}`
    await admin.agents.register({ id: agent, maturity: begins === undefined ? 'autonomous' : 'student' })
    await begins?.(agent)
    other.act(agent)
    await expect.poll(() => actionsOf(other, agent).size, { timeout: 10_000 }).toBe(2)
    return agent
  }

  /** Lets the other process act, contains the agent, and gives what of it started after that. */
  async function contain(other: Claimant, { begins, act, ends }: Containment): Promise<ReadonlyMap<string, Late>> {
    const agent = await actingAgent(other, begins)
    await act(agent)
    const acknowledged = Date.now()
    await expectRefused(other, { agent, ends, after: acknowledged })
    // What was under way in the other process has been told by now.
    await delay(100)
    other.act('')
    return new Map(ends.map((action) => [action, lateOf(other, { agent, action, acknowledged })]))
  }

  async function expectRefused(
    other: Claimant,
    { agent, ends, after }: { readonly agent: string; readonly ends: readonly string[]; readonly after: number },
  ): Promise<void> {
    const refused = (): string[] =>
      other.attempts.flatMap(({ refused: id, action, at }) => (id === agent && at >= after ? [action] : []))
    await expect.poll(() => ends.filter((action) => !refused().includes(action)), { timeout: 10_000 }).toEqual([])
  }

  function lateOf(
    other: Claimant,
    { agent, action, acknowledged }: { readonly agent: string; readonly action: string; readonly acknowledged: number },
  ): Late {
    const late = other.attempts.flatMap(({ ran, action: done, at }) =>
      ran === agent && done === action && at > acknowledged ? [at - acknowledged] : [],
    )
    return { last: Math.max(0, ...late), count: late.length }
  }

  function actionsOf(other: Claimant, agent: string): ReadonlySet<string> {
    return new Set(other.attempts.flatMap(({ ran, action }) => (ran === agent ? [action] : [])))
  }

  const ways = {
    stop: {
      act: (agent) => admin.stops.set({ target: 'agent', agent, reason: 'test' }),
      ends: ['order.read', 'note.write'],
    },
    pause: { act: (agent) => admin.agents.pause(agent, 'test'), ends: ['order.read', 'note.write'] },
    // A student may still read.
    demotion: { act: (agent) => admin.agents.demote(agent, 'student', 'test'), ends: ['note.write'] },
    incident: { act: (agent) => twice(() => admin.agents.recordIncident(agent, 'test')), ends: ['note.write'] },
  } as const satisfies Record<string, Containment>

  /** From autonomous to where medium risk waits. */
  async function twice(act: () => Promise<unknown>): Promise<void> {
    await act()
    await act()
  }

  async function assertContained(other: Claimant, rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, way] of Object.entries(ways)) expectContained(name, await contain(other, way))
    }
  }

  function expectContained(name: string, late: ReadonlyMap<string, Late>): void {
    for (const [action, { last, count }] of late) {
      expect(last, `${name} ${action}`).toBeLessThanOrEqual(LATEST_MS)
      // Medium risk is decided in its own transaction: only the one call that had passed its check may still start.
      if (action === 'note.write') expect(count, `${name} ${action}`).toBeLessThanOrEqual(1)
    }
  }

  it(verifies(['I-13', 'I-15'], 'holds in another one within a second'), async () => {
    const other = await startClaimant(database.url)
    await assertContained(other, ROUNDS)
    await other.close()
  }, 180_000)

  it(verifies(['I-13', 'I-15', 'POL-7'], 'holds for the end of a bypass, by a person or by its time'), async () => {
    const other = await startClaimant(database.url)
    const ana = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['admin'] } })
    let bypass: Bypass | undefined
    const begins = async (agent: string): Promise<void> => {
      bypass = await ana.bypasses.set({ target: 'agent', agent, durationMs: 3_000, reason: 'test' })
    }
    // A student may still read.
    const ends = ['note.write']
    const lifted = { begins, act: () => ana.bypasses.lift(bypass?.id ?? '', 'test'), ends }
    const over = { begins, act: () => delay(Date.parse(bypass?.expiresAt ?? '') - Date.now()), ends }
    for (let round = 0; round < ROUNDS; round += 1) expectContained('lift', await contain(other, lifted))
    expectContained('expiry', await contain(other, over))
    await other.close()
  }, 60_000)

  it(verifies(['I-13', 'I-15'], 'holds with Redis, and without the Redis it had'), async () => {
    const redis = await startRedis()
    const other = await startClaimant(database.url, redis.url)
    await assertContained(other, 1)
    await redis.kill()
    await assertContained(other, FEWER_ROUNDS)
    await other.close()
  }, 120_000)

  it(verifies('I-15', 'needs no notification: it holds with every listening connection cut'), async () => {
    const other = await startClaimant(database.url)
    const cutter = new pg.Client(database.url)
    await cutter.connect()
    const cutting = setInterval(() => {
      cutter
        .query(`select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen%'`)
        .catch(() => undefined)
    }, 50)
    await assertContained(other, FEWER_ROUNDS)
    clearInterval(cutting)
    await cutter.end()
    await other.close()
  }, 120_000)

  it.each([HOUR_MS, -HOUR_MS])(
    verifies('I-15', 'holds in a process whose clock jumps by %i ms'),
    async (milliseconds) => {
      const other = await startClaimant(database.url)
      for (const [name, way] of Object.entries(ways)) {
        const jumping = (agent: string): Promise<unknown> => {
          other.jump(milliseconds)
          return way.act(agent)
        }
        expectContained(name, await contain(other, { ...way, act: jumping }))
      }
      await other.close()
    },
    120_000,
  )

  it(verifies(['I-13', 'I-15'], 'holds in a process that cannot reach the database any more'), async () => {
    const address = new URL(database.url)
    const way = await openFaultyWay(Number(address.port))
    address.port = String(way.port)
    const other = await startClaimant(address.href)
    for (const [name, containment] of Object.entries(ways)) {
      const agent = await actingAgent(other)
      way.stall(4_000)
      await containment.act(agent)
      const acknowledged = Date.now()
      // Whatever it does, it cannot know: it must refuse all the same.
      await expectRefused(other, { agent, ends: containment.ends, after: acknowledged })
      await delay(LATEST_MS)
      const late = containment.ends.map((action) => [action, lateOf(other, { agent, action, acknowledged })] as const)
      expectContained(name, new Map(late))
      other.act('')
    }
    await other.close()
    await way.close()
  }, 120_000)

  it(verifies(['I-13', 'I-15'], 'holds in a process that was frozen meanwhile'), async () => {
    const other = await startClaimant(database.url)
    for (const way of [ways.stop, ways.demotion]) {
      const agent = await actingAgent(other)
      process.kill(other.pid, 'SIGSTOP')
      await way.act(agent)
      const acknowledged = Date.now()
      await delay(5_000)
      process.kill(other.pid, 'SIGCONT')
      await expectRefused(other, { agent, ends: way.ends, after: acknowledged })
      for (const action of way.ends) {
        // Its loop may have been frozen between the last check and the call: that one counts apart.
        expect(lateOf(other, { agent, action, acknowledged }).count).toBeLessThanOrEqual(1)
      }
      other.act('')
    }
    await other.close()
  }, 120_000)
})
