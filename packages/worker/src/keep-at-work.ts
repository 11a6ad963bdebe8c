import type { JobHost } from '@preceptor/core'
import { type Repetition, repeat, type Wake } from './repeat.ts'

/** Work that a process looks for again and again. */
export interface Work {
  /** Does what there is now; gives the milliseconds until it is looked for again. */
  readonly turn: () => Promise<number>
  /** Milliseconds until it is looked for again after a turn that failed. */
  readonly everyMs: number
  /** What the host's log is told of a turn that failed, before the reason. */
  readonly failed: string
  /** Called where there may be work before that. */
  readonly wake?: Wake
}

/** Keeps at a work; a turn that fails is told to the host's log, and ends nothing. */
export function keepAtWork({ report }: Pick<JobHost, 'report'>, { turn, everyMs, failed, wake }: Work): Repetition {
  return repeat(async () => {
    try {
      return await turn()
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      report({ level: 'warn', code: 'NOTICE', message: `${failed}: ${message}` })
      return everyMs
    }
  }, wake)
}
