import type { JobHost } from '@preceptor/core'
import { keepAtWork } from './keep-at-work.ts'
import type { Repetition } from './repeat.ts'

const EVERY_MS = 500

/** Runs what was approved and nobody comes back for, where this process has its executor. */
export function keepRunningApproved(jobs: JobHost, concurrency: number): Repetition {
  return keepAtWork(jobs, {
    // Where there was work there may be more of it.
    turn: async () => ((await jobs.runApproved(concurrency)) > 0 ? 0 : EVERY_MS),
    everyMs: EVERY_MS,
    failed: 'Approved actions could not be run',
    wake: jobs.onWork,
  })
}
