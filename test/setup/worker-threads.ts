import { subscribe } from 'node:diagnostics_channel'
import type { Worker } from 'node:worker_threads'

const running = new Set<Worker>()

// The runtime names no worker thread among the active resources, but it announces each new one here.
subscribe('worker_threads', (message) => {
  const { worker } = message as { worker: Worker }
  running.add(worker)
  worker.once('exit', () => running.delete(worker))
})

/** How many worker threads of this process run, of those that began since this file was loaded. */
export function runningThreads(): number {
  return running.size
}
