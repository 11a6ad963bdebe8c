import { setTimeout as delay } from 'node:timers/promises'
import { createGovernor } from '@preceptor/core'
import { Queue } from 'bullmq'
import { makeWorkerUtils } from 'graphile-worker'
import { provideServices } from '../../setup/services.mjs'
import { median } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { measureRun, startWorker } from '../other-process.mjs'
import { atMost } from '../table.mjs'
import { approver } from './approve.mjs'

const ROUNDS = 5
const EACH = 20
const APART_MS = 20

/** From what lets a run begin to its beginning in another process that is idle, beside two queues. */
export async function enqueue() {
  const server = await openPostgres()
  const services = await provideServices({ install: true })
  const action = { risk: 'high', execute: () => undefined }
  const options = { database: server.url, migrate: true, actions: { 'mail.post': action }, report: () => undefined }
  const governor = await createGovernor(options)
  const queue = new Queue('bench', { connection: { url: services.redisUrl, maxRetriesPerRequest: null } })
  const utils = await makeWorkerUtils({ connectionString: server.url })
  await utils.migrate()
  const kinds = ['ours', 'bullmq', 'graphile']
  const workers = await Promise.all(kinds.map((kind) => startWorker(kind, server.url, services.redisUrl)))
  try {
    const acts = {
      ours: await approver(governor),
      bullmq: async (id) => () => queue.add('job', { id }),
      graphile: async (id) => () => utils.addJob('bench', { id }),
    }
    const times = Object.fromEntries(kinds.map((kind) => [kind, []]))
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [index, kind] of kinds.entries()) {
        for (let count = 0; count < EACH; count += 1) {
          const took = await measureRun(workers[index], acts[kind])
          // The first round warms up.
          if (round > 0) times[kind].push(took)
          await delay(Math.random() * APART_MS)
        }
      }
    }
    return rows(Object.fromEntries(kinds.map((kind) => [kind, median(times[kind])])))
  } finally {
    await Promise.all(workers.map((worker) => worker.close()))
    await utils.release()
    await queue.close()
    await governor.close()
    await services.stop()
    await server.close()
  }
}

function rows({ ours, bullmq, graphile }) {
  const both = { unit: 'ms', as: 'peer', ours }
  return [
    atMost({
      ...both,
      name: 'Q4 approved -> run begun, p50 / BullMQ added -> begun',
      other: bullmq,
      gate: 3,
      moonshot: 1.5,
    }),
    atMost({ ...both, name: 'Q4 the same / graphile-worker added -> begun', other: graphile, gate: 1, moonshot: 0.55 }),
  ]
}
