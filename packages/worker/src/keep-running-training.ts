import type { JobHost } from '@preceptor/core'
import { type Repetition, repeat } from './repeat.ts'

const EVERY_MS = 1_000

/** Goes on with the training of agents that this process can ask. */
export function keepRunningTraining(jobs: JobHost, concurrency: number): Repetition {
  return repeat(async () => {
    try {
      await jobs.runTraining(concurrency)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      jobs.report({ level: 'warn', code: 'NOTICE', message: `Training could not be run: ${message}` })
    }
    return EVERY_MS
  })
}
