import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from '../processes.ts'

/** Whoever starts a worker for each that has died. */
export interface Keeper {
  close(): Promise<void>
}

const LOOK_EVERY_MS = 200

/** Replaces workers that have died of their own faults. */
export function keepAlive(workers: ChildProcess[], start: () => Promise<ChildProcess>): Keeper {
  let isOpen = true
  const loop = (async () => {
    while (isOpen) {
      for (const [index, { exitCode, signalCode }] of workers.entries()) {
        if (isOpen && (exitCode !== null || signalCode !== null)) workers[index] = await start()
      }
      await sleep(LOOK_EVERY_MS)
    }
  })()
  // It is awaited at the end; until then a failure must not end the run.
  loop.catch(() => undefined)
  return {
    async close() {
      isOpen = false
      await loop
    },
  }
}

/** How often each fail point struck, by the file that it was written to before. */
export function countStruck(path: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    const line: unknown = parse(text)
    if (typeof line !== 'object' || line === null || !('failpoint' in line)) continue
    const name = String(line.failpoint)
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
