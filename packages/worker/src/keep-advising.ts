import type { JobHost } from '@preceptor/core'
import { keepAtWork } from './keep-at-work.ts'
import type { Repetition } from './repeat.ts'

const EVERY_MS = 1_000

/** Lets the meta-agent advise on new proposals, where this process is to do so unasked. */
export function keepAdvising(jobs: JobHost, concurrency: number): Repetition {
  return keepAtWork(jobs, {
    turn: async () => ((await jobs.advise(concurrency)) > 0 ? 0 : EVERY_MS),
    everyMs: EVERY_MS,
    failed: 'Proposals could not be advised on',
    wake: jobs.onWork,
  })
}
