import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of an example. */
export interface Child<Said> {
  /** The first thing that it says. */
  readonly said: Promise<Said>
  /** Tells it something more. */
  tell(message: object): void
  /** Lets it tidy up and end. */
  end(): Promise<void>
  /** Ends it as a crash does: nothing in it gets a chance to tidy up. */
  kill(): Promise<void>
}

const PATIENCE_MS = 20_000

/** Starts a file as a process and gives it its order. */
export function startChild<Said>(file: URL, order: object): Child<Said> {
  // It finds what it needs in its order, and nothing in the environment.
  const child = fork(fileURLToPath(file), { env: {}, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  child.send(order)
  const ended = once(child, 'exit').then((): never => {
    throw new Error(`${file.pathname} ended before it said anything.\n${complaint}`)
  })
  const said = Promise.race([once(child, 'message').then(([message]) => message as Said), ended])
  // It may end later on, when nobody waits for it.
  ended.catch(() => undefined)
  return { said, tell: (message) => void child.send(message), end: () => end(child), kill: () => kill(child) }
}

/** A process that is let go ends by itself; one that does not is killed. */
async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  const gone = once(child, 'exit')
  child.disconnect()
  await gone
  clearTimeout(late)
}

async function kill(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}
