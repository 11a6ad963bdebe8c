import { createPostgresBackend, createRedisBackend, runMigrations, withBackend } from 'bullmq'
import pg from 'pg'

const SCHEMA = 'plain'

/** Flows of BullMQ on Redis where an address is given, else on the database, as one would use them without the product. */
export async function openFlows({ database, redis }) {
  const pool = redis === undefined ? openPool(database) : undefined
  if (pool !== undefined) await prepare(pool)
  const { FlowProducer, Worker } = withBackend(pool === undefined ? createRedisBackend : createPostgresBackend)
  const connection = pool ?? { url: redis, maxRetriesPerRequest: null }
  const open = []
  const ready = async (item) => {
    item.on('error', (error) => process.stderr.write(`bench: ${error.message}\n`))
    open.push(item)
    await item.waitUntilReady()
    return item
  }
  return {
    openProducer: () => ready(new FlowProducer({ connection })),
    openWorker: (queue, { concurrency, process }) => ready(new Worker(queue, process, { connection, concurrency })),
    async close() {
      for (const item of open) await item.close()
      await pool?.end()
    },
  }
}

/** A chain of so many jobs, of which each waits for the one before. */
export function chainOf(queueName, steps) {
  let job
  for (let step = 1; step <= steps; step += 1) {
    const name = step === steps ? 'last' : 'step'
    job = { name, queueName, data: { step }, ...(job === undefined ? {} : { children: [job] }) }
  }
  return job
}

function openPool(connectionString) {
  const pool = new pg.Pool({ connectionString, max: 20, options: `-c search_path=${SCHEMA}` })
  pool.setMaxListeners(0)
  return pool
}

/** Several processes may come here at once. */
async function prepare(pool) {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock(4711)')
    await client.query(`create schema if not exists ${SCHEMA}`)
    await runMigrations({ query: (text, values) => client.query(text, values) }, SCHEMA)
    await client.query('select pg_advisory_unlock(4711)')
  } finally {
    client.release()
  }
}
