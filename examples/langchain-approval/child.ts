import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of the example. */
export interface Child<Said> {
  /** The next thing that it says. */
  readonly said: Promise<Said>
  /** Ends it as a crash does: nothing in it gets a chance to tidy up. */
  kill(): Promise<void>
}

/** Starts a file of this folder as a process and gives it its order. */
export function startChild<Said>(file: 'agent.js' | 'plane.js', order: object): Child<Said> {
  // It finds what it needs in its order, and nothing in the environment.
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  child.send(order)
  const ended = once(child, 'exit').then((): never => {
    throw new Error(`${file} ended before it said anything.\n${complaint}`)
  })
  const said = Promise.race([once(child, 'message').then(([message]) => message as Said), ended])
  // It may end later on, when nobody waits for it.
  ended.catch(() => undefined)
  return { said, kill: () => kill(child) }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
