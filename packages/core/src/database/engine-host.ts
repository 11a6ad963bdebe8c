import { type EngineThread, startEngineThread } from './engine-thread.ts'

/** What the host tells its user, and asks of it. */
export interface EngineHostOptions {
  /** A path, or `memory://`. */
  readonly location: string
  /** What to run first in an engine that was just opened. */
  readonly setup: () => Buffer | undefined
  /** The engine takes work. */
  readonly onOpen: () => void
  /** What ran is gone; `permanent` when no engine will follow. */
  readonly onLost: (permanent: boolean) => void
  /** The engine could not be opened; `wake` tries again. */
  readonly onUnopened: () => void
}

/** Keeps one engine open: when its thread ends, in whatever way, it opens another one on the same folder. */
export interface EngineHost {
  /** Settles with the first opening. */
  readonly opened: Promise<void>
  readonly isOpen: boolean
  /**
   * Runs bytes and gives the answer; undefined when the engine was lost meanwhile. After `boundMs` milliseconds (0 for
   * no bound) `onLate` is called and the engine is ended: nothing else stops a statement in WebAssembly.
   */
  run(bytes: Buffer, bound: { readonly boundMs: number; readonly onLate: () => void }): Promise<Buffer | undefined>
  /** Ends an engine that answered nonsense, as it does after its stack overflowed; another one follows. */
  discard(): void
  /** Opens the engine again if the last attempt failed. */
  wake(): void
  close(): Promise<void>
}

const CLOSE_WITHIN_MS = 5_000

/** Starts the first engine. */
export function createEngineHost(options: EngineHostOptions): EngineHost {
  const { location, setup, onOpen, onLost, onUnopened } = options
  let thread: EngineThread | undefined
  let opening: Promise<void> | undefined
  let isOpen = false
  let closed = false

  const lose = (lost: EngineThread): void => {
    if (thread !== lost) return
    // An engine in memory would come back empty, which is worse than none.
    const permanent = closed || location.startsWith('memory:')
    const reopen = isOpen && !permanent
    thread = undefined
    isOpen = false
    const ended = lost.terminate()
    if (reopen) start(ended)
    onLost(permanent)
  }
  const open = async (before: Promise<void>): Promise<void> => {
    // Two engines on one folder would destroy it.
    await before
    if (closed) return
    const next = startEngineThread(location)
    thread = next
    void next.ended.then(() => lose(next))
    await next.opened
    const first = setup()
    if (first !== undefined) await next.run(first)
    if (thread !== next) throw new Error('The database thread ended while it was opened.')
    isOpen = true
    opening = undefined
    onOpen()
  }
  const start = (before: Promise<void>): Promise<void> => {
    const started = open(before)
    opening = started
    started.catch(() => {
      opening = undefined
      if (thread !== undefined) lose(thread)
      onUnopened()
    })
    return started
  }

  return {
    opened: start(Promise.resolve()),
    get isOpen() {
      return isOpen
    },
    async run(bytes, { boundMs, onLate }) {
      const engine = thread
      if (engine === undefined) return undefined
      const stop = (): void => {
        if (thread !== engine) return
        onLate()
        lose(engine)
      }
      const timer = boundMs > 0 ? setTimeout(stop, boundMs) : undefined
      try {
        const answer = await engine.run(bytes)
        return thread === engine ? answer : undefined
      } catch {
        // A fault inside the thread leaves the engine in an unknown state: only a new one is safe.
        lose(engine)
        return undefined
      } finally {
        clearTimeout(timer)
      }
    },
    discard() {
      if (thread !== undefined) lose(thread)
    },
    wake() {
      if (thread === undefined && opening === undefined && !closed) void start(Promise.resolve()).catch(() => undefined)
    },
    async close() {
      closed = true
      await opening?.catch(() => undefined)
      const last = thread
      thread = undefined
      isOpen = false
      if (last === undefined) return
      const timer = setTimeout(() => void last.terminate(), CLOSE_WITHIN_MS)
      await last.close().catch(() => last.terminate())
      clearTimeout(timer)
    },
  }
}
