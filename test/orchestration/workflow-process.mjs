// A worker of its own process that does workflows. What its actions do, they do to the oracle. It dies where it is told to:
// at a place of the product, in a step of a run.
import { writeSync } from 'node:fs'
import { createGovernor } from '@preceptor/core'
import { createOrchestration } from '@preceptor/orchestration'
import { createWorker } from '@preceptor/worker'
import pg from 'pg'

const { database, redis, oracle, concurrency = 1, ahead = 0, find = false } = JSON.parse(process.argv[2])
let order
let client
let current = null

// Which step was claimed last, as the database tells: this process does one at a time.
async function currentStep() {
  const { rows } = await client.query(
    `select step, proposal_id is not null as asked from workflow_steps
     where owner_id = $1 and held_until > now() and state in ('running', 'waiting') order by fence desc`,
    [order.run],
  )
  if (rows.length > 1) throw new Error(`${rows.length} steps are held at once.`)
  return rows.length === 0 ? null : `${rows[0].step}${rows[0].asked ? ':answered' : ''}`
}

async function failpoint(name) {
  if (order === undefined) return
  if (name === 'workflow.after_claim') current = await currentStep()
  if (name !== order.point || current !== order.step) return
  // Written at once: there is no later.
  writeSync(1, `struck ${name} ${current}\n`)
  process.kill(process.pid, 'SIGKILL')
  await new Promise(() => undefined)
}

async function act({ args, idempotencyKey, signal }) {
  const headers = { 'idempotency-key': idempotencyKey, 'x-worker': `${process.pid}` }
  const response = await fetch(`${oracle}/${args.run}/${args.step}`, { method: 'POST', headers, signal })
  return response.json()
}

const governor = await createGovernor({
  database,
  ...(redis === undefined ? {} : { redis }),
  actions: {
    'note.keep': { risk: 'medium', idempotent: true, execute: act },
    'mail.post': { risk: 'medium', execute: act },
  },
  plugins: [createOrchestration()],
  outbound: { allow: [oracle] },
  settings: { deadlineMs: 10_000 },
  report: () => undefined,
  clock: { now: () => Date.now() + ahead, monotonic: () => performance.now() },
  ...(find ? { testing: { failpoint } } : {}),
})
let worker
process.on('disconnect', () => process.exit())
process.on('message', async (message) => {
  if (message.close === true) {
    await worker?.close()
    await governor.close()
    await client?.end()
    process.disconnect()
    return
  }
  if (message.order !== undefined) {
    client = new pg.Client({ connectionString: database })
    await client.connect()
    order = message.order
  }
  worker = await createWorker(governor, { concurrency })
  process.send({ working: true })
})
process.send({ ready: true })
