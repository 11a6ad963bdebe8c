import type { ControlScope } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import {
  createTestDatabase,
  describeWithPostgres,
  describeWithRedis,
  startRedis,
  type TestDatabase,
} from '@preceptor/test-setup'
import { createWorker, type GovernanceWorker } from '@preceptor/worker'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { type SupervisedProcess, startSupervised } from './supervised.ts'

// More of both with PRECEPTOR_STEPS=10000.
const STEPS = Number(process.env.PRECEPTOR_STEPS ?? 600)
const CORRECTIONS = STEPS / 40
const LEASE_MS = 4_000
const LONG_MS = 240_000 + 60 * STEPS

describeWithPostgres('a supervisor in one process, an agent in another', () =>
  describeWithRedis('with jobs on it', supervise),
)

function supervise(): void {
  let database: TestDatabase
  let redis: Awaited<ReturnType<typeof startRedis>>
  let worker: GovernanceWorker
  let test: TestGovernor
  let sam: ControlScope
  let agent: SupervisedProcess
  let session = ''
  let renewal: ReturnType<typeof setInterval>

  beforeAll(async () => {
    database = await createTestDatabase()
    redis = await startRedis({ install: false })
    test = await createTestGovernor({
      database: database.url,
      redis: redis.url,
      settings: { supervisorLeaseMs: LEASE_MS },
    })
    worker = await createWorker(test.governor)
    await test.register('bot', 'supervised')
    await test.admin.members.put('sam', { displayName: 'sam', roles: ['supervisor'] })
    sam = test.user('sam', 'supervisor')
    await sam.presence.heartbeat()
    agent = await startSupervised(database.url, { run: 'the-run', redis: redis.url })
    const active = async () => (await sam.sessions.list({ state: 'active' })).items
    await vi.waitFor(async () => expect(await active()).toHaveLength(1), { timeout: 10_000 })
    session = (await active())[0]?.id ?? ''
    // As a client that watches does; a busy machine is no lapse.
    renewal = setInterval(() => void sam.sessions.attach(session).catch(() => undefined), LEASE_MS / 4)
  }, 60_000)
  afterAll(async () => {
    clearInterval(renewal)
    await agent.close()
    await worker.close()
    await test.close()
    await redis.stop()
    await database.drop()
  })

  /** No step began in this time; whatever was told late counts. */
  async function expectNone(from: number, to: number): Promise<void> {
    const seen = agent.begun.length
    await expect.poll(() => agent.begun.length > seen || agent.isDone(), { timeout: 20_000 }).toBe(true)
    expect(agent.begun.filter((at) => at > from && at < to)).toEqual([])
  }

  it(
    verifies(['I-16', 'SUP-1'], 'begins no step between a pause that is shown and its end, however many are raced'),
    async () => {
      let pauses = 0
      while (agent.begun.length < STEPS) {
        const before = agent.begun.length
        await expect.poll(() => agent.begun.length > before + 5, { timeout: 20_000, interval: 5 }).toBe(true)
        await sam.sessions.attach(session)
        await sam.sessions.intervene(session, { type: 'pause' })
        await expect
          .poll(async () => (await sam.sessions.get(session)).state, { timeout: 20_000, interval: 5 })
          .toBe('paused')
        const shownAt = Date.now()
        expect(await sam.sessions.get(session)).toMatchObject({ inFlight: 0 })
        await new Promise((resolve) => setTimeout(resolve, 150))
        const resumedAt = Date.now()
        await sam.sessions.attach(session)
        await sam.sessions.intervene(session, { type: 'resume' })
        await expectNone(shownAt, resumedAt)
        pauses += 1
      }
      expect(pauses).toBeGreaterThan(5)
    },
    LONG_MS,
  )

  it(
    verifies(['I-16', 'SUP-3'], 'hears each correction once, at whichever step or checkpoint comes next'),
    async () => {
      const said = Array.from({ length: CORRECTIONS }, (_, index) => `said ${index}`)
      for (const guidance of said) {
        await sam.sessions.attach(session)
        await sam.sessions.intervene(session, { type: 'correct', guidance })
      }
      await expect.poll(() => agent.heard.length >= said.length, { timeout: 20_000 }).toBe(true)
      const before = agent.begun.length
      await sam.sessions.attach(session)
      await expect.poll(() => agent.begun.length > before + 50, { timeout: 20_000 }).toBe(true)
      expect(agent.heard.toSorted()).toEqual(said.toSorted())
      const { interventions } = await sam.sessions.get(session)
      expect(interventions.filter(({ type, appliedAt }) => type === 'correct' && appliedAt === null)).toEqual([])
    },
    LONG_MS,
  )

  it(verifies(['I-17', 'SUP-2'], 'begins no step after the lease of its supervisor has lapsed'), async () => {
    clearInterval(renewal)
    const { supervisorLeaseExpiresAt } = await sam.sessions.attach(session)
    const lapsedAt = Date.parse(supervisorLeaseExpiresAt ?? '')
    await expect.poll(() => Date.now() > lapsedAt + 500, { timeout: 2 * LEASE_MS }).toBe(true)
    const paused = { state: 'paused', pausedBy: 'lease', inFlight: 0, endReason: null }
    await expect.poll(() => sam.sessions.get(session), { timeout: 20_000 }).toMatchObject(paused)
    const backAt = Date.now()
    expect(await sam.sessions.attach(session)).toMatchObject({ supervisorId: 'sam' })
    await expectNone(lapsedAt, backAt)
  }, 60_000)

  it(verifies(['I-16', 'SUP-4'], 'ends the run in the other process within a second of a termination'), async () => {
    await sam.sessions.attach(session)
    await sam.sessions.intervene(session, { type: 'terminate', reason: 'Enough.' })
    const terminatedAt = Date.now()
    await expect.poll(agent.isDone, { timeout: 20_000 }).toBe(true)
    expect(agent.begun.filter((at) => at > terminatedAt + 1_000)).toEqual([])
    expect(agent.ended).toContain('RUN_TERMINATED')
    // A step that a slow database could not decide on in time was denied, too.
    expect(agent.ended.filter((code) => code !== 'RUN_TERMINATED' && code !== 'DEADLINE_EXCEEDED')).toEqual([])
    const { state, inFlight } = await sam.sessions.get(session)
    expect({ state, inFlight }).toEqual({ state: 'terminated', inFlight: 0 })
  }, 60_000)
}
