import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

interface Message {
  readonly ready?: true
  readonly done?: true
  readonly begun?: readonly number[]
  readonly heard?: readonly string[]
  readonly withheld?: string
  readonly threw?: string
}

/** Another process whose agent works in a supervised run. */
export interface SupervisedProcess {
  /** When each step began, in milliseconds since the epoch. */
  readonly begun: readonly number[]
  /** What its steps were told, each time that one was told it. */
  readonly heard: readonly string[]
  /** Codes by which steps were withheld, or that they threw. */
  readonly ended: readonly string[]
  readonly isDone: () => boolean
  close(): Promise<void>
}

/** Starts the process and waits until its agent works. */
export async function startSupervised(
  database: string,
  { run, redis }: { readonly run: string; readonly redis: string },
): Promise<SupervisedProcess> {
  // Without the runner's own conditions: the process uses what was built.
  const child: ChildProcess = fork(new URL('./supervised.mjs', import.meta.url), [database, run, redis], {
    stdio: 'inherit',
    execArgv: [],
  })
  const begun: number[] = []
  const heard: string[] = []
  const ended: string[] = []
  let done = false
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The process ended early with ${code}.`)))
    child.on('message', (message: Message) => {
      if (message.ready === true) resolve()
      if (message.done === true) done = true
      begun.push(...(message.begun ?? []))
      heard.push(...(message.heard ?? []))
      const end = message.withheld ?? message.threw
      if (end !== undefined) ended.push(end)
    })
  })
  child.removeAllListeners('exit')
  return {
    begun,
    heard,
    ended,
    isDone: () => done,
    async close() {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      // It may be ending by itself just now.
      if (child.connected) child.send({ close: true }, () => undefined)
      await exited
    },
  }
}
