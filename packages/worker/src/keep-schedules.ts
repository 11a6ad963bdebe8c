import type { JobHost } from '@preceptor/core'

const EVERY_MS = 5_000

/** Keeps the schedules registered, also after the queue lost them: nothing in the queue could bring them back. */
export function keepSchedules(jobs: JobHost): { close(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let running = Promise.resolve()

  async function keep(): Promise<void> {
    await jobs.keepSchedules()
    if (!closed) timer = setTimeout(start, EVERY_MS)
  }

  function start(): void {
    running = keep()
  }

  start()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
