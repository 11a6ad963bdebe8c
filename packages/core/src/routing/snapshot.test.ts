import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

describeWithPostgres('facts in memory', () => {
  let database: TestDatabase
  let other: TestGovernor

  beforeAll(async () => {
    database = await createTestDatabase()
    other = await createTestGovernor({ database: database.url })
  })
  afterAll(async () => {
    await other.close()
    await database.drop()
  })

  async function codeOf(test: TestGovernor, agent: string): Promise<string> {
    const decision = await test.agent(agent).decide({ agent, action: 'order.read', args: {} })
    return 'code' in decision ? decision.code : decision.route
  }

  it('are not kept when a change arrived while they were read [CACHE-1, I-15]', async () => {
    let release = (): void => {}
    let parked: Promise<void> | undefined
    const test = await createTestGovernor({
      database: database.url,
      testing: {
        failpoint: async (name) => {
          if (name === 'cache.fill_after_read') await parked
        },
      },
    })
    try {
      await other.register('raced', 'autonomous')
      parked = new Promise((resolve) => {
        release = resolve
      })
      const reading = codeOf(test, 'raced')
      await other.admin.agents.pause('raced', 'while it is read')
      // The change must have arrived here before the fill ends: another agent's decision needs no fill to be parked.
      await new Promise((resolve) => setTimeout(resolve, 600))
      release()
      parked = undefined
      // What was read before the pause may decide this one call; it must not decide another.
      await reading
      expect(await codeOf(test, 'raced')).toBe('AGENT_PAUSED')
    } finally {
      release()
      await test.close()
    }
  })

  it('are forgotten as soon as another process says that they changed [CACHE-1]', async () => {
    const settings = { leaseMs: 600_000, leaseRenewalMs: 600_000 }
    const test = await createTestGovernor({ database: database.url, settings })
    try {
      await other.register('told', 'autonomous')
      expect(await codeOf(test, 'told')).toBe('execution')
      // It listens from its start on, which takes a moment: what is told before that is missed.
      await expect
        .poll(
          async () => {
            await other.admin.agents.pause('told', 'it is told').catch(() => undefined)
            await other.admin.agents.resume('told', 'so that it is told again').catch(() => undefined)
            await other.admin.agents.pause('told', 'it is told').catch(() => undefined)
            return codeOf(test, 'told')
          },
          { timeout: 10_000 },
        )
        .toBe('AGENT_PAUSED')
    } finally {
      await test.close()
    }
  })

  it('live for a bounded time, whatever the lease says [CACHE-1]', async () => {
    // A lease that is never renewed and never lapses: only the age of an entry ends it.
    const settings = { snapshotTtlMs: 150, leaseMs: 600_000, leaseRenewalMs: 600_000 }
    const test = await createTestGovernor({ database: database.url, settings })
    try {
      await other.register('aging', 'autonomous')
      expect(await codeOf(test, 'aging')).toBe('execution')
      await other.admin.agents.pause('aging', 'unheard')
      await expect.poll(() => codeOf(test, 'aging'), { timeout: 3_000 }).toBe('AGENT_PAUSED')
    } finally {
      await test.close()
    }
  })

  it('stay when a key changes, on which no decision about an agent rests, and go when a stop is set [CACHE-2]', async () => {
    const test = await createTestGovernor({ database: database.url })
    const missesOf = async (): Promise<number> => {
      const family = (await test.governor.metrics()).find(({ name }) => name === 'governance_cache_requests_total')
      const misses = family?.samples.filter(({ labels }) => labels.result === 'miss') ?? []
      return misses.reduce((sum, sample) => sum + ('value' in sample ? sample.value : 0), 0)
    }
    // The lease asks four times a second: after two of its questions what changed before them is known.
    const isHeard = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 700))
    try {
      await other.register('kept', 'autonomous')
      await other.register('somebody-else', 'autonomous')
      const key = { displayName: 'worker', principalKind: 'agent', principalId: 'kept' } as const
      const { key: created } = await other.admin.keys.create(key)
      await isHeard()
      expect(await codeOf(test, 'kept')).toBe('execution')
      const before = await missesOf()
      await other.admin.keys.revoke(created.id)
      await isHeard()
      expect(await codeOf(test, 'kept')).toBe('execution')
      expect(await missesOf()).toBe(before)
      const stop = await other.admin.stops.set({ target: 'agent', agent: 'somebody-else', reason: 'It must not act.' })
      await isHeard()
      expect(await codeOf(test, 'kept')).toBe('execution')
      expect(await missesOf()).toBe(before + 1)
      await other.admin.stops.lift(stop.id, 'It may act again.')
    } finally {
      await test.close()
    }
  })
})
