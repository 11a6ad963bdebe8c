import type { JobHost } from '@preceptor/core'
import { type Repetition, repeat } from './repeat.ts'

const EVERY_MS = 1_000

/** Lets autonomous reviewers look at new proposals, where the policy says so. */
export function keepReviewing(jobs: JobHost, concurrency: number): Repetition {
  return repeat(async () => {
    try {
      return (await jobs.review(concurrency)) > 0 ? 0 : EVERY_MS
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      jobs.report({ level: 'warn', code: 'NOTICE', message: `Proposals could not be reviewed: ${message}` })
      return EVERY_MS
    }
  }, jobs.onWork)
}
