import type { JobHost } from '@preceptor/core'
import { keepAtWork } from './keep-at-work.ts'
import type { Repetition } from './repeat.ts'

const EVERY_MS = 1_000

/** Goes on with the training of agents that this process can ask. */
export function keepRunningTraining(jobs: JobHost, concurrency: number): Repetition {
  const turn = async (): Promise<number> => {
    await jobs.runTraining(concurrency)
    return EVERY_MS
  }
  return keepAtWork(jobs, { turn, everyMs: EVERY_MS, failed: 'Training could not be run' })
}
