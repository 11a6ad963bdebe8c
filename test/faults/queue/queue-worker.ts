// A process that runs queued entries until it is killed or told to end. Each effect is on record before it is answered.
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError, type GuardCall } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { createWorker } from '@preceptor/worker'
import { queueActions, SETTINGS, type WorkerStart } from './queue-workload.ts'

const { databaseUrl, redisUrl, queueName, oracle, slowMs } = JSON.parse(process.argv[2] ?? '{}') as WorkerStart

let running = 0

/** Tells its parent how many runs are at work here. */
async function execute(call: GuardCall): Promise<string> {
  running += 1
  process.send?.({ running })
  try {
    return await act(call)
  } finally {
    running -= 1
    process.send?.({ running })
  }
}

/** Takes some time before and after its effect, so that a kill meets either. */
async function act({ args, signal }: GuardCall): Promise<string> {
  await sleep(Math.random() * slowMs)
  if (signal.aborted) throw signal.reason
  appendFileSync(oracle, `${JSON.stringify({ key: args.key, pid: process.pid, at: Date.now() })}\n`)
  await sleep(Math.random() * slowMs)
  return String(args.key)
}

const governor = await createGovernor({
  database: databaseUrl,
  ...(redisUrl === null ? {} : { redis: redisUrl }),
  queueName,
  actions: queueActions(execute),
  settings: SETTINGS,
  report: () => undefined,
}).catch((error: unknown) => {
  // Its server is down just now: it is started again.
  if (GovernanceError.isInstance(error) && error.code === 'DATABASE_MISSING') process.exit(1)
  throw error
})
const worker = await createWorker(governor, { concurrency: 4 })
process.once('SIGTERM', async () => {
  await worker.close()
  await governor.close()
  process.disconnect()
})
process.on('disconnect', () => process.exit(process.exitCode ?? 0))
process.send?.('ready')
