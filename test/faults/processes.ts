import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FailpointName } from './failpoints.ts'
import type { ProcessOptions } from './messages.ts'

/** A process of the run. */
export interface RunningProcess {
  readonly name: string
  readonly child: ChildProcess
  /** Why and when the controller kills it, if it does. */
  killed: { readonly why: string; readonly at: number } | null
}

/** Where the programs of processes are: they run the built code, also when a test runs the sources. */
export const BUILT: string = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/faults/' : './', import.meta.url),
)

/** Starts a process; it answers when it is ready to be opened, and what is sent before waits. */
export function startProcess(options: ProcessOptions, programs: string = BUILT): RunningProcess {
  const main = join(programs, 'child', 'main.js')
  if (!existsSync(main)) throw new Error(`${main} is not built: run tsc -b test first.`)
  const child = fork(main, [JSON.stringify(options)], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  // A message to a process that has just died is no fault of the controller.
  child.on('error', () => undefined)
  return { name: options.name, child, killed: null }
}

/** Reads from the history of a dead process what it died of. */
export function causeOfDeath(
  folder: string,
  name: string,
): { readonly failpoint?: FailpointName; readonly error?: string; readonly at: number } | undefined {
  const file = join(folder, `process-${name}.jsonl`)
  if (!existsSync(file)) return undefined
  for (const text of readFileSync(file, 'utf8').trimEnd().split('\n').reverse().slice(0, 50)) {
    const line: unknown = parse(text)
    if (typeof line !== 'object' || line === null || !('line' in line)) continue
    const at = 'at' in line ? Number(line.at) : 0
    if (line.line === 'died' && 'error' in line) return { error: String(line.error), at }
    if (line.line === 'fault' && 'action' in line && line.action === 'kill' && 'failpoint' in line) {
      return { failpoint: line.failpoint as FailpointName, at }
    }
  }
  return undefined
}

/** A line that a kill cut off is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
