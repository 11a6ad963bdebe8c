import { GovernanceError } from '@preceptor/client'
import { Redis } from 'ioredis'

/** What a Redis server says of itself. */
export interface RedisServer {
  readonly version: string
  /** What it does when its memory is full, such as `noeviction`; null when it does not say. */
  readonly evictionPolicy: string | null
}

const WITHIN_MS = 2_000

/**
 * Asks a Redis server what it is; changes nothing.
 *
 * @throws GovernanceError `STORE_UNAVAILABLE`
 * @example
 * ```ts
 * import { readRedisServer } from '@preceptor/core'
 *
 * export const keepsJobs = async (url: string): Promise<boolean> =>
 *   (await readRedisServer(url)).evictionPolicy === 'noeviction'
 * ```
 */
export async function readRedisServer(url: string): Promise<RedisServer> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: WITHIN_MS,
    commandTimeout: WITHIN_MS,
    retryStrategy: null,
  })
  let reason = ''
  client.on('error', (error) => (reason = error.message))
  try {
    await client.connect()
    const info = await client.info()
    return { version: lineOf(info, 'redis_version') ?? 'unknown', evictionPolicy: lineOf(info, 'maxmemory_policy') }
  } catch (error) {
    const why = reason || (error instanceof Error ? error.message : String(error))
    throw new GovernanceError('STORE_UNAVAILABLE', { message: `Redis does not answer: ${why}.`, cause: error })
  } finally {
    client.disconnect()
  }
}

function lineOf(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null
}
