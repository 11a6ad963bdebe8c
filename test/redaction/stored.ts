import { Redis } from 'ioredis'
import pg from 'pg'
import type { Sinks } from './sinks.ts'

/** Reads every column of every table, as the owner of the database. */
export async function readDatabase(url: string, sinks: Sinks): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: columns } = await client.query<{ schema: string; table: string; name: string }>(
      `select table_schema as schema, table_name as table, column_name as name from information_schema.columns
       join information_schema.tables using (table_schema, table_name)
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
       order by table_schema, table_name, ordinal_position`,
    )
    for (const { schema, table, name } of columns) {
      const { rows } = await client.query<{ text: string | null }>(
        `select "${name}"::text as text from "${schema}"."${table}"`,
      )
      const place = schema === 'public' ? `${table}.${name}` : `${schema}.${table}.${name}`
      for (const { text } of rows) if (text !== null) sinks.add(`database ${place}`, text)
    }
  } finally {
    await client.end()
  }
}

/** Reads everything that is in Redis under the names of a queue. */
export async function readRedis(url: string, queue: string, sinks: Sinks): Promise<void> {
  const redis = new Redis(url)
  try {
    for (const key of await redis.keys(`*${queue}*`)) {
      sinks.add('redis', key)
      const value = await readKey(redis, key, await redis.type(key))
      sinks.add('redis', value ?? '')
    }
  } finally {
    redis.disconnect()
  }
}

async function readKey(redis: Redis, key: string, type: string): Promise<unknown> {
  switch (type) {
    case 'hash':
      return redis.hgetall(key)
    case 'list':
      return redis.lrange(key, 0, -1)
    case 'set':
      return redis.smembers(key)
    case 'zset':
      return redis.zrange(key, '0', '-1')
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      return redis.get(key)
  }
}
