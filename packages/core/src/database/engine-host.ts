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
  return new ThreadHost(options)
}

/** Lifecycle: threads follow one another on the same folder, never two at a time. */
class ThreadHost implements EngineHost {
  readonly opened: Promise<void>
  readonly #options: EngineHostOptions
  #thread: EngineThread | undefined
  #opening: Promise<void> | undefined
  #isOpen = false
  #closed = false

  constructor(options: EngineHostOptions) {
    this.#options = options
    this.opened = this.#start(Promise.resolve())
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  async run(
    bytes: Buffer,
    { boundMs, onLate }: { readonly boundMs: number; readonly onLate: () => void },
  ): Promise<Buffer | undefined> {
    const thread = this.#thread
    if (thread === undefined) return undefined
    const stop = (): void => {
      if (this.#thread !== thread) return
      onLate()
      this.#lose(thread)
    }
    const timer = boundMs > 0 ? setTimeout(stop, boundMs) : undefined
    try {
      const answer = await thread.run(bytes)
      return this.#thread === thread ? answer : undefined
    } catch {
      // A fault inside the thread leaves the engine in an unknown state: only a new one is safe.
      this.#lose(thread)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  discard(): void {
    if (this.#thread !== undefined) this.#lose(this.#thread)
  }

  wake(): void {
    if (this.#thread !== undefined || this.#opening !== undefined || this.#closed) return
    this.#start(Promise.resolve()).catch(() => undefined)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#opening?.catch(() => undefined)
    const thread = this.#thread
    this.#thread = undefined
    this.#isOpen = false
    if (thread === undefined) return
    const timer = setTimeout(() => void thread.terminate(), CLOSE_WITHIN_MS)
    await thread.close().catch(() => thread.terminate())
    clearTimeout(timer)
  }

  #start(before: Promise<void>): Promise<void> {
    const opening = this.#open(before)
    this.#opening = opening
    opening.catch(() => {
      this.#opening = undefined
      this.discard()
      this.#options.onUnopened()
    })
    return opening
  }

  async #open(before: Promise<void>): Promise<void> {
    // Two engines on one folder would destroy it.
    await before
    if (this.#closed) return
    const thread = startEngineThread(this.#options.location)
    this.#thread = thread
    void thread.ended.then(() => this.#lose(thread))
    await thread.opened
    const first = this.#options.setup()
    if (first !== undefined) await thread.run(first)
    if (this.#thread !== thread) throw new Error('The database thread ended while it was opened.')
    this.#isOpen = true
    this.#opening = undefined
    this.#options.onOpen()
  }

  #lose(thread: EngineThread): void {
    if (this.#thread !== thread) return
    // An engine in memory would come back empty, which is worse than none.
    const permanent = this.#closed || this.#options.location.startsWith('memory:')
    const reopen = this.#isOpen && !permanent
    this.#thread = undefined
    this.#isOpen = false
    const ended = thread.terminate()
    if (reopen) this.#start(ended).catch(() => undefined)
    this.#options.onLost(permanent)
  }
}
