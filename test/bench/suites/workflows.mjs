import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGovernor } from '@preceptor/core'
import { createOrchestration, orchestration } from '@preceptor/orchestration'
import pg from 'pg'
import { median } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { chainOf, openFlows } from '../plain-flows.mjs'
import { atLeast } from '../table.mjs'

const ROUNDS = 3
const RUNS = 200
const STEPS = 5
const WORKERS = 2
const CONCURRENCY = 10
const LOOK_MS = 20
const PROGRAM = new URL('../workflow-worker.mjs', import.meta.url)
const ADMIN = { workspace: 'default', principal: { kind: 'user', id: 'ada', roles: ['admin'] } }

const DEFINITIONS = {
  // Worked out where the run begins: no job, no gate.
  pure: (id) => ({ id, type: 'transform', value: { $cel: `"${id}"` } }),
  // Each is decided on, claimed, run and recorded.
  guarded: (id) => ({ id, type: 'agent', action: 'note.keep', args: { id } }),
}

/** Steps a second of runs of five steps by two workers, from the first run that begins to the last one that ends. */
export async function workflows() {
  const server = await openPostgres()
  try {
    return rows(await rounds(server.url))
  } finally {
    await server.close()
  }
}

function rows({ pure, guarded, flows }) {
  const row = (name, ours) =>
    atLeast({ name, ours: median(ours), other: median(flows), as: 'peer', gate: 0.3, moonshot: 1, unit: '/s' })
  return [
    row(`steps of runs of ${STEPS} guarded agent steps on ${WORKERS} workers / plain BullMQ flows`, guarded),
    row(`steps of runs of ${STEPS} transforms / plain BullMQ flows`, pure),
  ]
}

async function rounds(database) {
  const governor = await createGovernor({
    database,
    migrate: true,
    queueName: 'ours',
    actions: { 'note.keep': { risk: 'medium' } },
    plugins: [createOrchestration()],
    report: () => undefined,
  })
  const flows = await openFlows({ database })
  const client = new pg.Client({ connectionString: database })
  const rates = { pure: [], guarded: [], flows: [] }
  try {
    await client.connect()
    const admin = governor.as(ADMIN)
    await admin.agents.register({ id: 'bot', maturity: 'autonomous', ownerId: 'system' })
    const { workflows: definitions, runs } = admin.plugin(orchestration)
    const ids = {}
    for (const [name, stepOf] of Object.entries(DEFINITIONS)) {
      const steps = Array.from({ length: STEPS }, (_, index) => stepOf(`s${index + 1}`))
      ids[name] = (await definitions.create({ name, agent: 'bot', steps })).id
    }
    const producer = await flows.openProducer()
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of Object.keys(DEFINITIONS)) {
        rates[name].push(await ours({ database, client, start: () => runs.execute(ids[name]) }))
      }
      rates.flows.push(await plain({ database, producer }))
    }
    return rates
  } finally {
    await client.end()
    await flows.close()
    await governor.close()
  }
}

async function ours({ database, client, start }) {
  const count = async (where) => (await client.query(`select count(*)::int as n from workflow_runs ${where}`)).rows[0].n
  const before = await count(`where state = 'completed'`)
  const workers = await openWorkers({ kind: 'ours', database, queue: 'ours' })
  const from = performance.now()
  await startAll(start)
  while ((await count(`where state = 'completed'`)) < before + RUNS) await sleep(LOOK_MS)
  const rate = rateSince(from)
  await closeAll(workers)
  if ((await count(`where state <> 'completed'`)) > 0) throw new Error('A run was not completed.')
  return rate
}

async function plain({ database, producer }) {
  const queue = `flows-${randomUUID()}`
  const workers = await openWorkers({ kind: 'plain', database, queue })
  let completed = 0
  const done = new Promise((resolve) => {
    for (const worker of workers) {
      worker.on('message', () => {
        completed += 1
        if (completed === RUNS) resolve()
      })
    }
  })
  const from = performance.now()
  await startAll(() => producer.add(chainOf(queue, STEPS)))
  await done
  const rate = rateSince(from)
  await closeAll(workers)
  return rate
}

async function startAll(start) {
  let left = RUNS
  const some = async () => {
    while (left > 0) {
      left -= 1
      await start()
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, some))
}

function rateSince(from) {
  return (RUNS * STEPS * 1_000) / (performance.now() - from)
}

function openWorkers(options) {
  return Promise.all(
    Array.from({ length: WORKERS }, async () => {
      const settings = JSON.stringify({ ...options, concurrency: CONCURRENCY })
      const worker = fork(PROGRAM, [settings], { stdio: 'inherit' })
      await once(worker, 'message')
      return worker
    }),
  )
}

async function closeAll(workers) {
  for (const worker of workers) {
    worker.send({ close: true })
    await once(worker, 'exit')
  }
}
