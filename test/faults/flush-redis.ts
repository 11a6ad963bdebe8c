import { Redis } from 'ioredis'
import type { FaultyRedis } from './services.ts'

/** Empties a Redis; one that is down just now has lost as much. */
export async function flushRedis(redis: FaultyRedis | undefined): Promise<void> {
  if (redis === undefined) return
  const client = new Redis(redis.url, { lazyConnect: true, maxRetriesPerRequest: 1 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.flushall()
  } catch {
    // It is down.
  } finally {
    client.disconnect()
  }
}
