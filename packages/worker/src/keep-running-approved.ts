import type { JobHost } from '@preceptor/core'
import { type Repetition, repeat } from './repeat.ts'

const EVERY_MS = 500

/** Runs what was approved and nobody comes back for, where this process has its executor. */
export function keepRunningApproved(jobs: JobHost, concurrency: number): Repetition {
  return repeat(async () => {
    try {
      // Where there was work there may be more of it.
      return (await jobs.runApproved(concurrency)) > 0 ? 0 : EVERY_MS
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      jobs.report({ level: 'warn', code: 'NOTICE', message: `Approved actions could not be run: ${message}` })
      return EVERY_MS
    }
  }, jobs.onWork)
}
