import type { JobHost } from '@preceptor/core'
import { keepAtWork } from './keep-at-work.ts'
import type { Repetition } from './repeat.ts'

const EVERY_MS = 500
const AT_ONCE = 10

/** Sends notifications that are due. */
export function keepNotifying(jobs: JobHost): Repetition {
  return keepAtWork(jobs, {
    // Where there was something there may be more of it.
    turn: async () => ((await jobs.notify(AT_ONCE)) > 0 ? 0 : EVERY_MS),
    everyMs: EVERY_MS,
    failed: 'Notifications could not be sent',
  })
}
