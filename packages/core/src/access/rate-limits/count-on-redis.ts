import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { countedBy } from './counted-by.ts'
import type { LimitStore } from './limit-counter.ts'

/** How to count on Redis. */
export interface RedisCountOptions {
  readonly url: string
  /** Keeps products apart that share a Redis. */
  readonly prefix: string
  /** Milliseconds that an answer may take. */
  readonly deadlineMs: number
}

/** Counts on Redis, over a connection of its own: its first opening is waited for, one that was lost is not. */
export function countOnRedis({ url, prefix, deadlineMs }: RedisCountOptions): LimitStore {
  const client = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: deadlineMs,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  })
  // Without a listener Node ends the process; whoever reserves is told.
  client.on('error', () => undefined)
  const opened = new Promise<void>((resolve) => {
    client.once('ready', resolve)
    client.once('error', () => resolve())
  })
  const shared = { storeClient: client, keyPrefix: `${prefix}:limits`, rejectIfRedisNotReady: true }
  return {
    open: (limit) => {
      const { points, seconds: duration } = limit
      const counter = countedBy(new RateLimiterRedis({ ...shared, points, duration }), limit)
      return { reserve: (key, wanted) => opened.then(() => counter.reserve(key, wanted)) }
    },
    close: async () => client.disconnect(),
  }
}
