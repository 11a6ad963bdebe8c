// The other process of the suites `approve` and `enqueue`: a worker of ours, the loop that one would write by hand, or that
// of a queue.
import { createGovernor } from '@preceptor/core'
import { createWorker } from '@preceptor/worker'
import { Worker } from 'bullmq'
import { Logger, run } from 'graphile-worker'
import pg from 'pg'

const [kind, database, redis] = process.argv.slice(2)
const QUIET = new Logger(() => () => undefined)
const tell = (id) => process.send({ id, at: performance.timeOrigin + performance.now() })

if (kind === 'ours') {
  const execute = ({ args }) => tell(args.id)
  const actions = { 'mail.post': { risk: 'high', execute } }
  const governor = await createGovernor({ database, actions, report: () => undefined })
  const worker = await createWorker(governor)
  onClose(async () => {
    await worker.close()
    await governor.close()
  })
} else if (kind === 'bullmq') {
  const connection = { url: redis, maxRetriesPerRequest: null }
  const worker = new Worker('bench', async ({ data }) => tell(data.id), { connection })
  await worker.waitUntilReady()
  onClose(() => worker.close())
} else if (kind === 'graphile') {
  const taskList = { bench: async ({ id }) => tell(id) }
  const runner = await run({
    connectionString: database,
    concurrency: 1,
    noHandleSignals: true,
    taskList,
    logger: QUIET,
  })
  onClose(() => runner.stop())
} else {
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  client.on('notification', () => void drain(client))
  await client.query('listen bare_approved')
  onClose(() => client.end())
}

function onClose(close) {
  process.on('message', async () => {
    await close()
    process.disconnect()
  })
  process.send({ ready: true })
}

let draining = Promise.resolve()

/** Claims what was approved, runs it and records that, one after the other. */
function drain(client) {
  draining = draining.then(async () => {
    for (;;) {
      const { rows } = await client.query(
        `update bare_approvals set state = 'executing' where id in (select id from bare_approvals
           where state = 'approved' limit 1 for update skip locked) returning id`,
      )
      if (rows.length === 0) return
      tell(rows[0].id)
      await client.query(`update bare_approvals set state = 'succeeded' where id = $1`, [rows[0].id])
    }
  })
  return draining
}
