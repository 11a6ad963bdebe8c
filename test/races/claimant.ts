import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** What the process says of one attempt. */
export interface Attempted {
  readonly ran?: string
  readonly refused?: string
  readonly action: string
  readonly code?: string
  /** Milliseconds since the epoch, when the action itself started. */
  readonly at: number
}

/** Another process with a governor of its own, which acts as fast as it may. */
export interface Claimant {
  readonly attempts: readonly Attempted[]
  readonly pid: number
  act(agent: string): void
  /** Puts the clock of its machine off. */
  jump(milliseconds: number): void
  close(): Promise<void>
}

/** Starts the process and waits until it can act. */
export async function startClaimant(database: string, redis?: string): Promise<Claimant> {
  const script = new URL('./claimant.mjs', import.meta.url)
  // Without the runner's own conditions: the process uses what was built.
  const child: ChildProcess = fork(script, redis === undefined ? [database] : [database, redis], {
    stdio: 'inherit',
    execArgv: [],
  })
  const attempts: Attempted[] = []
  const ready = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The process ended early with ${code}.`)))
    child.on('message', (message: Attempted & { readonly ready?: true }) => {
      if (message.ready === true) resolve()
      else attempts.push(message)
    })
  })
  await ready
  child.removeAllListeners('exit')
  return {
    attempts,
    pid: child.pid ?? 0,
    act: (agent) => void child.send({ act: agent }),
    jump: (milliseconds) => void child.send({ jump: milliseconds }),
    async close() {
      const exited = once(child, 'exit')
      child.send({ close: true })
      await exited
    },
  }
}
