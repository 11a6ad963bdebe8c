// A process that runs queued entries until it is killed or told to end. Each effect is on record before it is answered.
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError, type GuardCall } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { createWorker } from '@preceptor/worker'
import type { AnyFailpoint } from '../failpoints.ts'
import { keepDoing } from '../keep-doing.ts'
import { POISON, QUEUE_FAILPOINTS, queueActions, SETTINGS, type WorkerStart } from './queue-workload.ts'

const { databaseUrl, redisUrl, queueName, oracle, slowMs, struck, strikes } = JSON.parse(
  process.argv[2] ?? '{}',
) as WorkerStart

// Longer than the lease of a claim.
const PARKED_MS = 2_600
const REAP_EVERY_MS = 300

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
  if (args.key === POISON) process.kill(process.pid, 'SIGKILL')
  appendFileSync(oracle, `${JSON.stringify({ key: args.key, pid: process.pid, at: Date.now() })}\n`)
  await sleep(Math.random() * slowMs)
  return String(args.key)
}

/** Now and then the process dies, gets an error, or stands still until its claim is lost. */
async function failpoint(name: AnyFailpoint): Promise<void> {
  if (!QUEUE_FAILPOINTS.some((one) => one === name) || Math.random() >= strikes) return
  const draw = Math.random()
  // What is thrown where the tool has answered is the failure of the tool.
  const throws = name !== 'tool.after_response'
  const action = draw < 0.2 ? 'kill' : draw < 0.6 && throws ? 'throw' : 'park'
  appendFileSync(struck, `${JSON.stringify({ failpoint: name, action })}\n`)
  if (action === 'throw') throw new Error(`A fault was injected at ${name}.`)
  if (action === 'park') return sleep(PARKED_MS)
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => undefined)
}

const governor = await createGovernor({
  database: databaseUrl,
  ...(redisUrl === null ? {} : { redis: redisUrl }),
  queueName,
  actions: queueActions(execute),
  settings: SETTINGS,
  report: () => undefined,
  testing: { failpoint },
}).catch((error: unknown) => {
  // Its server is down just now: it is started again.
  if (GovernanceError.isInstance(error) && error.code === 'DATABASE_MISSING') process.exit(1)
  throw error
})
const worker = await createWorker(governor, { concurrency: 4 })
// What a dead worker left is looked after here, sooner than by its schedule: with the guards that this build has.
const reaping = keepDoing(REAP_EVERY_MS, async () => {
  // Its store may be away; the next look comes soon.
  await governor.jobs.run('settle-lost-executions', {}).catch(() => undefined)
})
process.once('SIGTERM', async () => {
  await reaping.close()
  await worker.close()
  await governor.close()
  process.disconnect()
})
process.on('disconnect', () => process.exit(process.exitCode ?? 0))
process.send?.('ready')
