import { expect, it } from 'vitest'
import { openDatabase } from '../database/open-database.ts'
import type { Pool, PoolClient } from '../database/pool.ts'
import { createTestGovernor } from '../testing/test-governor.ts'

/** A pool on which, once `cut`, no claim can be renewed. */
function cuttable(pool: Pool): { readonly pool: Pool; cut: boolean } {
  const link = { cut: false, pool }
  const client = (inner: PoolClient): PoolClient =>
    new Proxy(inner, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...input: unknown[]) => {
          const renews = name === 'query' && JSON.stringify(input[0]).includes('executions set lease_expires_at')
          if (link.cut && renews) return Promise.reject(new Error('The connection is cut.'))
          return Reflect.apply(value, target, input)
        }
      },
    })
  link.pool = new Proxy(pool, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (name === 'connect') return async () => client(await target.connect())
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return link
}

it('a run whose claim could not be renewed for a whole lease is aborted, and not before [I-18]', async () => {
  const database = await openDatabase({ memory: true })
  const link = cuttable(database.pool)
  const test = await createTestGovernor({ database: link.pool, settings: { claimLeaseMs: 600 } })
  try {
    await test.register('bot', 'autonomous')
    const attempt = { agent: 'bot', action: 'refund.retry', args: {}, idempotencyKey: 'one' }
    let abortedAfter = 0
    const running = test.agent('bot').guard(attempt, async ({ signal }) => {
      // Two leases: long enough that only renewals kept it.
      await new Promise((resolve) => setTimeout(resolve, 1_200))
      expect(signal.aborted).toBe(false)
      link.cut = true
      const startedAt = performance.now()
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))).finally(
        () => {
          abortedAfter = performance.now() - startedAt
        },
      )
    })
    await expect(running).rejects.toMatchObject({ code: 'EXECUTION_FENCED' })
    expect(abortedAfter).toBeLessThan(1_200)
    expect(test.reports.map(({ message }) => message).join()).toContain('could not be renewed')
  } finally {
    await test.close()
    await database.close()
  }
}, 20_000)
