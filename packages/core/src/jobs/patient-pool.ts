import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from '../database/pool.ts'

const PATIENCE_MS = 1_000

/**
 * Lets statements on a pool that was ended fail after a second instead of at once. A worker that was not closed before
 * asks again whatever it is answered, and without a pause between two questions nothing else in the process would run.
 */
export function failPatiently(pool: Pool): Pool {
  const query = pool.query.bind(pool) as (...args: readonly unknown[]) => Promise<unknown>
  const end = pool.end.bind(pool)
  let isEnded = false
  return Object.assign(pool, {
    end: () => {
      isEnded = true
      return end()
    },
    query: async (...args: readonly unknown[]) => {
      // It keeps no process alive.
      if (isEnded) await sleep(PATIENCE_MS, undefined, { ref: false })
      return query(...args)
    },
  })
}
