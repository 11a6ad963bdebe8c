import { Worker } from 'node:worker_threads'
import { memoryImage } from './memory-image.ts'
import type { ThreadPlace, ThreadReply, ThreadRequest } from './pglite-thread.ts'

// A worker cannot be started from TypeScript on Node 20, so sources under test use the built file.
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/database/pglite-thread.js' : './pglite-thread.js',
  import.meta.url,
)

// Deep enough that the engine meets its own limit of recursion, which is an error of the statement, before the stack of
// the thread overflows, which ends the engine.
const STACK_MB = 32
const IN_MEMORY = 'memory://'

/** The host's side of the worker thread that owns the engine. It runs one group at a time. */
export interface EngineThread {
  /** Settles when the engine is open, or could not be opened. */
  readonly opened: Promise<void>
  /** Settles when the thread has ended, whatever the reason. */
  readonly ended: Promise<void>
  run(bytes: Uint8Array): Promise<Buffer>
  /** Shuts the engine down in order and ends the thread. */
  close(): Promise<void>
  /** Ends the thread at once, in the middle of a statement too. */
  terminate(): Promise<void>
}

interface Waiter {
  resolve(reply: ThreadReply): void
  reject(error: Error): void
}

/** Starts the thread on a folder (a path) or in memory (`memory://`). */
export function startEngineThread(location: string): EngineThread {
  const place: ThreadPlace = { location, image: location === IN_MEMORY ? memoryImage() : null }
  const worker = new Worker(ENTRY, {
    workerData: place,
    name: 'preceptor-database',
    execArgv: [],
    resourceLimits: { stackSizeMb: STACK_MB },
  })
  let waiter: Waiter | undefined
  let over = false
  const next = (): Promise<ThreadReply> =>
    new Promise((resolve, reject) => {
      waiter = { resolve, reject }
    })
  const settle = (act: (waiting: Waiter) => void): void => {
    const waiting = waiter
    waiter = undefined
    // Work in the thread keeps the process alive; an idle engine does not.
    worker.unref()
    if (waiting !== undefined) act(waiting)
  }
  const ask = (request: ThreadRequest, transfer: ArrayBuffer[] = []): Promise<ThreadReply> => {
    if (over) return Promise.reject(new Error('The database thread ended.'))
    worker.ref()
    worker.postMessage(request, transfer)
    return next()
  }
  worker.on('message', (reply: ThreadReply) => {
    settle((waiting) => ('fault' in reply ? waiting.reject(new Error(reply.fault)) : waiting.resolve(reply)))
  })
  worker.on('error', (error) => settle((waiting) => waiting.reject(error)))
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      over = true
      settle((waiting) => waiting.reject(new Error('The database thread ended.')))
      resolve()
    })
  })
  return {
    opened: next().then(() => undefined),
    ended,
    async run(bytes) {
      const owned = new Uint8Array(bytes)
      const reply = await ask({ run: owned }, [owned.buffer])
      return 'ran' in reply ? Buffer.from(reply.ran.buffer) : Buffer.alloc(0)
    },
    async close() {
      await ask({ close: true })
      await worker.terminate()
    },
    async terminate() {
      await worker.terminate()
    },
  }
}
