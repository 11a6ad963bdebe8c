import type { JobHost } from '@preceptor/core'
import { keepAtWork } from './keep-at-work.ts'
import type { Repetition } from './repeat.ts'

const EVERY_MS = 1_000
// Each look is a statement over all workspaces: events that come in a burst are answered together.
const LEAST_MS = 200

/** Wakes workers for what became due in plugins: at once where something happened, else each second. */
export function keepWaking(jobs: JobHost): Repetition {
  return keepAtWork(jobs, {
    turn: async () => {
      await jobs.wakeDue()
      return EVERY_MS
    },
    everyMs: EVERY_MS,
    failed: 'What is due could not be looked for',
    wake: (wake) => jobs.onWork(atMostEvery(LEAST_MS, wake)),
  })
}

/** Calls a function once for all calls within a time, at its end. */
function atMostEvery(milliseconds: number, call: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  return () => {
    if (timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      call()
    }, milliseconds).unref()
  }
}
