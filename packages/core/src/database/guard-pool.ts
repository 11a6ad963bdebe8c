import type { EventEmitter } from 'node:events'
import type pg from 'pg'
import type { Pool } from './pool.ts'
import { letGo } from './wire.ts'

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
  pool.on('release', (error, client) => {
    if (error) letGo(client)
    const status = client.getTransactionStatus()
    if (status === 'T' || status === 'E') void client.end()
  })
  return pool as Pool
}

const heard = new WeakSet<object>()

/** In a pool of the host nobody listens to a client in use, and an error without a listener ends the process. */
export function surviveLostClients(pool: Pool): Pool {
  pool.on('acquire', (client: EventEmitter) => {
    if (heard.has(client)) return
    heard.add(client)
    client.on('error', () => undefined)
  })
  return pool
}

const END_WITHIN_MS = 5_000

/** Ends a pool and waits until its connections are closed; one that never came back does not keep it open for ever. */
export async function endPool(pool: Pool): Promise<void> {
  let left = pool.totalCount
  let closed: () => void = () => undefined
  const all = new Promise<void>((resolve) => {
    closed = resolve
  })
  const timer = setTimeout(closed, END_WITHIN_MS)
  pool.on('remove', () => {
    left -= 1
    if (left <= 0) closed()
  })
  // A pool that was ended before has nothing left to close.
  pool.end().catch(closed)
  if (left === 0) closed()
  await all
  clearTimeout(timer)
}
