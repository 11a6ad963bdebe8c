import type { JobHost } from '@preceptor/core'
import { keepAtWork } from './keep-at-work.ts'
import type { Repetition } from './repeat.ts'

const EVERY_MS = 1_000

/** Lets autonomous reviewers look at new proposals, where the policy says so. */
export function keepReviewing(jobs: JobHost, concurrency: number): Repetition {
  return keepAtWork(jobs, {
    turn: async () => ((await jobs.review(concurrency)) > 0 ? 0 : EVERY_MS),
    everyMs: EVERY_MS,
    failed: 'Proposals could not be reviewed',
    wake: jobs.onWork,
  })
}
