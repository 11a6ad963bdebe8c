import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process of its own that runs the built code. */
export interface Child {
  readonly pid: number
  /** The next line that it prints. */
  line(): Promise<string>
  tell(text: string): void
  signal(name: NodeJS.Signals): void
  /** Ends it without a goodbye and waits until it is gone. */
  kill(): Promise<void>
  readonly exited: Promise<number | null>
}

const DATABASE = new URL('../../dist/database/open-database.js', import.meta.url).href
const LOCK = new URL('../../dist/database/folder-lock.js', import.meta.url).href
const running = new Set<ChildProcess>()

/**
 * Runs a module with `openDatabase`, `lockFolder`, `print(line)` and `told()` (resolves with the next line of its
 * input) in scope.
 */
export function startChild(body: string): Child {
  const source = `
    import { createInterface } from 'node:readline'
    import { openDatabase } from ${JSON.stringify(DATABASE)}
    import { lockFolder } from ${JSON.stringify(LOCK)}
    const print = (line) => process.stdout.write(line + '\\n')
    const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
    const told = async () => (await lines.next()).value
    ${body}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['pipe', 'pipe', 'inherit'] })
  running.add(child)
  const exited = once(child, 'exit').then(([code]) => {
    running.delete(child)
    return code as number | null
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { pid } = child
  if (pid === undefined) throw new Error('The child process did not start.')
  return {
    pid,
    async line() {
      const next = await lines.next()
      if (next.done === true) throw new Error('The child process ended without a line.')
      return next.value
    },
    tell: (text) => void child.stdin.write(`${text}\n`),
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    exited,
  }
}

/** Ends the children that a failed test left behind. */
export async function endChildren(): Promise<void> {
  for (const child of running) {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
}
