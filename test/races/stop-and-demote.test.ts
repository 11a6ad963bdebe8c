import { setTimeout as delay } from 'node:timers/promises'
import type { ControlScope } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { createTestDatabase, describeWithPostgres, startRedis, type TestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Claimant, startClaimant } from './claimant.ts'

const ROUNDS = 5
const LATEST_MS = 1_000

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

  /** Lets the other process act, contains the agent, and gives when the last action of it started after that. */
  async function contain(other: Claimant, how: (agent: string) => Promise<unknown>): Promise<Record<string, number>> {
    agents += 1
    const agent = `bot-${agents}`
    await admin.agents.register({ id: agent, maturity: 'autonomous' })
    other.act(agent)
    await expect.poll(() => actionsOf(other, agent).size, { timeout: 10_000 }).toBe(2)
    await how(agent)
    const acknowledged = Date.now()
    const refused = () => other.attempts.filter((attempt) => attempt.refused === agent && attempt.at >= acknowledged)
    await expect.poll(() => new Set(refused().map(({ action }) => action)).size, { timeout: 8_000 }).toBe(2)
    await delay(100)
    other.act('')
    const late = (action: string): number =>
      Math.max(
        0,
        ...other.attempts.flatMap(({ ran, action: done, at }) =>
          ran === agent && done === action ? [at - acknowledged] : [],
        ),
      )
    return { safe: late('order.read'), medium: late('note.write') }
  }

  function actionsOf(other: Claimant, agent: string): ReadonlySet<string> {
    return new Set(other.attempts.flatMap(({ ran, action }) => (ran === agent ? [action] : [])))
  }

  const ways = {
    stop: (agent: string) => admin.stops.set({ target: 'agent', agent, reason: 'test' }),
    pause: (agent: string) => admin.agents.pause(agent, 'test'),
  }

  async function assertContained(other: Claimant): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const how of Object.values(ways)) {
        const late = await contain(other, how)
        expect(late.safe).toBeLessThanOrEqual(LATEST_MS)
        // Medium risk is decided in its own transaction: only a call that had passed its check may still start.
        expect(late.medium).toBeLessThanOrEqual(LATEST_MS)
      }
    }
  }

  it(verifies(['I-13', 'I-15'], 'holds in another one within a second'), async () => {
    const other = await startClaimant(database.url)
    await assertContained(other)
    await other.close()
  }, 120_000)

  it(verifies(['I-13', 'I-15'], 'holds with Redis, and without the Redis it had'), async () => {
    const redis = await startRedis()
    const other = await startClaimant(database.url, redis.url)
    const stop = await contain(other, ways.stop)
    expect(Math.max(...Object.values(stop))).toBeLessThanOrEqual(LATEST_MS)
    await redis.stop()
    await assertContained(other)
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
    await assertContained(other)
    clearInterval(cutting)
    await cutter.end()
    await other.close()
  }, 120_000)

  it(verifies(['I-13', 'I-15'], 'holds in a process that was frozen meanwhile'), async () => {
    const other = await startClaimant(database.url)
    for (const [name, how] of Object.entries(ways)) {
      agents += 1
      const agent = `frozen-${name}-${agents}`
      await admin.agents.register({ id: agent, maturity: 'autonomous' })
      other.act(agent)
      await expect.poll(() => actionsOf(other, agent).size, { timeout: 10_000 }).toBe(2)
      process.kill(other.pid, 'SIGSTOP')
      await how(agent)
      const acknowledged = Date.now()
      await delay(3_000)
      process.kill(other.pid, 'SIGCONT')
      const refusals = () => other.attempts.filter(({ refused, at }) => refused === agent && at > acknowledged).length
      await expect.poll(refusals, { timeout: 8_000 }).toBeGreaterThanOrEqual(2)
      const late = other.attempts.filter(({ ran, at }) => ran === agent && at > acknowledged + LATEST_MS)
      // Each of the two loops may have been frozen between its last check and its call.
      expect(late.length).toBeLessThanOrEqual(2)
      other.act('')
    }
    await other.close()
  }, 120_000)
})
