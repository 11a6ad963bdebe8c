import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { keepDoing, type Repeated } from '../keep-doing.ts'
import { parse } from '../processes.ts'

const LOOK_EVERY_MS = 200

/** Replaces workers that have died of their own faults, until it is closed. */
export function keepAlive(workers: ChildProcess[], start: () => Promise<ChildProcess>): Repeated {
  return keepDoing(LOOK_EVERY_MS, async (isOpen) => {
    for (const [index, { exitCode, signalCode }] of workers.entries()) {
      if (isOpen() && (exitCode !== null || signalCode !== null)) workers[index] = await start()
    }
  })
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
