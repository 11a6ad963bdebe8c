import type { JobHost } from '@preceptor/core'
import { type Repetition, repeat } from './repeat.ts'

const EVERY_MS = 5_000

/** Keeps the schedules registered, also after the queue lost them: nothing in the queue could bring them back. */
export function keepSchedules(jobs: JobHost): Repetition {
  return repeat(async () => {
    await jobs.keepSchedules()
    return EVERY_MS
  })
}
