import type { JobHost } from '@preceptor/core'
import { type Repetition, repeat } from './repeat.ts'

const EVERY_MS = 1_000

/** Lets the meta-agent advise on new proposals, where this process is to do so unasked. */
export function keepAdvising(jobs: JobHost, concurrency: number): Repetition {
  return repeat(async () => {
    try {
      return (await jobs.advise(concurrency)) > 0 ? 0 : EVERY_MS
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      jobs.report({ level: 'warn', code: 'NOTICE', message: `Proposals could not be advised on: ${message}` })
      return EVERY_MS
    }
  }, jobs.onWork)
}
