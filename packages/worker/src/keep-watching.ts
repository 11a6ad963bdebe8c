import type { JobHost } from '@preceptor/core'
import { keepAtWork } from './keep-at-work.ts'
import type { Repetition } from './repeat.ts'

const EVERY_MS = 1_000

/** Lets autonomous reviewers watch runs that no person watches, where the policy says so. */
export function keepWatching(jobs: JobHost, concurrency: number): Repetition {
  return keepAtWork(jobs, {
    turn: async () => ((await jobs.watch(concurrency)) > 0 ? 0 : EVERY_MS),
    everyMs: EVERY_MS,
    failed: 'Runs could not be watched',
    wake: jobs.onWork,
  })
}
