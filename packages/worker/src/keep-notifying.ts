import type { JobHost } from '@preceptor/core'
import { type Repetition, repeat } from './repeat.ts'

const EVERY_MS = 500
const AT_ONCE = 10

/** Sends notifications that are due. */
export function keepNotifying(jobs: JobHost): Repetition {
  return repeat(async () => {
    try {
      // Where there was something there may be more of it.
      return (await jobs.notify(AT_ONCE)) > 0 ? 0 : EVERY_MS
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      jobs.report({ level: 'warn', code: 'NOTICE', message: `Notifications could not be sent: ${message}` })
      return EVERY_MS
    }
  })
}
