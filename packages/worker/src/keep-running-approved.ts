import type { JobHost } from '@preceptor/core'

const EVERY_MS = 500

/** Runs what was approved and nobody comes back for, where this process has its executor. */
export function keepRunningApproved(jobs: JobHost, concurrency: number): { close(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let running = Promise.resolve()

  async function run(): Promise<void> {
    let ran = 0
    try {
      ran = await jobs.runApproved(concurrency)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      jobs.report({ level: 'warn', code: 'NOTICE', message: `Approved actions could not be run: ${message}` })
    }
    // Where there was work there may be more of it.
    if (!closed) timer = setTimeout(start, ran > 0 ? 0 : EVERY_MS)
  }

  function start(): void {
    running = run()
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
