import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { flushRedis } from '../flush-redis.ts'
import type { FaultyRedis } from '../services.ts'
import type { QueueFault } from './queue-plan.ts'

/** What faults of the queue stand on. */
export interface QueueFaultPorts {
  readonly workers: ChildProcess[]
  readonly redis: FaultyRedis | undefined
  /** How many runs are at work in a worker. */
  readonly runsOf: (worker: ChildProcess) => number
  readonly restartPostgres: (downMs: number) => Promise<void>
  readonly startWorker: () => Promise<ChildProcess>
  /** What goes on while other faults befall. */
  readonly ongoing: Promise<void>[]
}

// Longer than the lease of a claim: whoever wakes up after it has lost what it ran.
const FROZEN_MS = 3_000
const LONG_FROZEN_MS = 60_000
const REDIS_DOWN_MS = 8_000
const POSTGRES_DOWN_MS = 1_500
const END_WITHIN_MS = 20_000
const LAST = 1
const STARTS = 10
const START_AGAIN_MS = 500

/** Lets a fault befall the workers or what they stand on, and waits until it is over, but for the long ones. */
export async function befallQueue(ports: QueueFaultPorts, fault: QueueFault): Promise<void> {
  const { workers, redis, runsOf, ongoing } = ports
  // Whoever has most to lose; the last one may be frozen for long, and one that is being replaced has nothing.
  const alive = workers.slice(0, -LAST).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
  const [worker = workers.at(-LAST)] = alive.sort((one, other) => runsOf(other) - runsOf(one))
  if (worker === undefined) return
  const index = workers.indexOf(worker)
  switch (fault) {
    case 'kill':
      await endWorker(worker, 'SIGKILL')
      go(ongoing, replace(ports, index))
      return
    case 'terminate':
      if (!(await endWorker(worker, 'SIGTERM'))) throw new Error('A worker that was asked to end did not.')
      go(ongoing, replace(ports, index))
      return
    case 'freeze':
      await freeze(worker, FROZEN_MS)
      return
    case 'freeze-long':
      go(ongoing, freeze(workers.at(-LAST) ?? worker, LONG_FROZEN_MS))
      return
    case 'flush':
      await flushRedis(redis)
      return
    case 'kill-redis':
      await redis?.kill()
      return
    case 'redis-down':
      await redis?.kill(REDIS_DOWN_MS)
      return
    case 'restart-postgres':
      await ports.restartPostgres(POSTGRES_DOWN_MS)
      return
    default:
      fault satisfies never
  }
}

/** Ends a worker by a signal; gives whether it ended by itself, in time and without a fault. */
export async function endWorker(worker: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<boolean> {
  if (worker.exitCode !== null || worker.signalCode !== null) return false
  const exit = once(worker, 'exit')
  worker.kill(signal)
  const timer = setTimeout(() => worker.kill('SIGKILL'), END_WITHIN_MS)
  const [code] = await exit
  clearTimeout(timer)
  return code === 0
}

/** It is awaited at the end; until then a failure must not end the run. */
function go(ongoing: Promise<void>[], work: Promise<void>): void {
  work.catch(() => undefined)
  ongoing.push(work)
}

/** As what runs processes does: one that meets a server that is down is started again. */
async function replace({ workers, startWorker }: QueueFaultPorts, index: number): Promise<void> {
  for (let left = STARTS; ; left -= 1) {
    try {
      workers[index] = await startWorker()
      return
    } catch (error) {
      if (left === 0) throw error
      await sleep(START_AGAIN_MS)
    }
  }
}

async function freeze(worker: ChildProcess, forMs: number): Promise<void> {
  worker.kill('SIGSTOP')
  await sleep(forMs)
  worker.kill('SIGCONT')
}
