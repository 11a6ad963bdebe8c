import type pg from 'pg'
import type { Pool } from './pool.ts'

/**
 * Makes a `pg` pool safe to share: lost connections never crash the process, and a client that comes back inside a
 * transaction is closed, which rolls it back, instead of being lent to somebody else.
 */
export function guardPool(pool: pg.Pool): Pool {
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    // A client in use has no listener of the pool; whoever waits for a statement is told by its rejection.
    client.on('error', () => undefined)
  })
  pool.on('release', (_error, client) => {
    const status = client.getTransactionStatus()
    if (status === 'T' || status === 'E') void client.end()
  })
  return pool as Pool
}
