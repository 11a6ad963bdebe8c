import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { ReviewedVersion, Trigger } from '@preceptor/client'

/** One thing that a process does, so many milliseconds after it is told. */
export interface Work {
  readonly kind: 'approve' | 'reject' | 'respond' | 'cancel' | 'expire' | 'demote' | 'run'
  readonly afterMs?: number
  readonly who?: string
  readonly id?: string
  readonly shown?: ReviewedVersion
  readonly trigger?: Trigger
}

/** What became of it. */
export interface WorkResult {
  readonly kind: Work['kind']
  readonly who?: string
  /** Null when it went well. */
  readonly code: string | null
  readonly details?: { readonly decidedBy?: readonly string[] }
  /** How a guarded run went. */
  readonly status?: string
  readonly decidedBy?: readonly string[]
}

/** Another process in which people decide. */
export interface Decider {
  /** Does all of it at the same time, and waits for the last. */
  work(works: readonly Work[]): Promise<readonly WorkResult[]>
  close(): Promise<void>
}

/** Starts a process and waits until it can work; what it runs is a line of the Oracle. */
export async function startDecider(database: string, oracle: string): Promise<Decider> {
  const script = new URL('./decider.mjs', import.meta.url)
  // Without the runner's own conditions: the process uses what was built.
  const child: ChildProcess = fork(script, [database, oracle], { stdio: 'inherit', execArgv: [] })
  const [ready] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (typeof ready !== 'object') throw new Error(`The process ended early with ${ready}.`)
  return {
    async work(works) {
      const answered = once(child, 'message')
      child.send({ works })
      const [{ results }] = await answered
      return results
    },
    async close() {
      const exited = once(child, 'exit')
      child.send({ close: true })
      await exited
    },
  }
}
