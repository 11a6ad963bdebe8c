import { Redis } from 'ioredis'
import pg from 'pg'
import { provideServices } from '../setup/services.mjs'

/** Versions of the servers that the suites ran on. */
export async function describeServices() {
  const { databaseUrl, redisUrl, stop } = await provideServices({ install: true })
  const client = new pg.Client({ connectionString: databaseUrl })
  const redis = new Redis(redisUrl)
  try {
    await client.connect()
    const { rows } = await client.query('show server_version')
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1]
    return `Postgres ${rows[0].server_version}, Redis ${version}`
  } finally {
    redis.disconnect()
    await client.end()
    await stop()
  }
}
