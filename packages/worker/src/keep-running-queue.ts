import type { JobHost } from '@preceptor/core'
import { keepAtWork } from './keep-at-work.ts'
import type { Repetition } from './repeat.ts'

const EVERY_MS = 1_000

/**
 * Has supervisors asked to watch what waits in the supervised queue, and runs what is watched, where this process has its
 * executor. Runs go on beside each other: a long one keeps no other waiting.
 */
export function keepRunningQueue(jobs: JobHost, concurrency: number): Repetition {
  const running = new Set<Promise<void>>()
  let closed = false
  const turn = async (): Promise<number> => {
    // The place of the first that ends is taken at once, and not when somebody tells of its end.
    if (running.size >= concurrency) await Promise.race(running)
    if (closed) return EVERY_MS
    const { runs } = await jobs.runQueue(concurrency - running.size)
    for (const run of runs) {
      running.add(run)
      void run.then(() => running.delete(run))
    }
    // Where there was work there may be more of it.
    return runs.length > 0 ? 0 : EVERY_MS
  }
  const failed = 'Queued runs could not be run'
  const repetition = keepAtWork(jobs, { turn, everyMs: EVERY_MS, failed, wake: jobs.onWork })
  return {
    async close() {
      closed = true
      await repetition.close()
      await Promise.all(running)
    },
  }
}
