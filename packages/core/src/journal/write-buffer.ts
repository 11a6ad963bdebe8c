import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError } from '@preceptor/client'
import type { JournalDraft } from './journal-draft.ts'

/** A draft on its way to the database. */
export interface BufferedDraft {
  readonly id: string
  readonly draft: JournalDraft
  /** Milliseconds since the epoch. */
  readonly recordedAt: number
}

/** A draft, or what makes it once its group is written; it must be about things that do not change. */
export type LaterDraft = JournalDraft | (() => JournalDraft)

interface WaitingDraft {
  readonly workspace: string
  readonly draft: LaterDraft
  readonly recordedAt: number
  /** Given at the first attempt and kept for the others: a flush whose answer was lost may have been committed. */
  id?: string
}

/** What the buffer stands on. */
export interface WriteBufferOptions {
  /** Commits the drafts, all of one workspace, and may be called again with the same ones. */
  readonly write: (workspace: string, drafts: readonly BufferedDraft[]) => Promise<void>
  readonly now: () => number
  readonly nextId: () => string
  /** Told once when writing fails and once when it works again. */
  readonly onHealth: (healthy: boolean, cause?: unknown) => void
  /** Drafts that may wait at once; default 16,384. */
  readonly capacity?: number
  /** Milliseconds for which drafts gather; default 10. */
  readonly intervalMs?: number
}

interface Waiter {
  readonly upTo: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const FLUSH_ROWS = 2_000
const PARALLEL = 4
const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 1_000
const CLOSING_ATTEMPTS = 3

/**
 * Gathers drafts and commits them in groups. It holds a bounded number of them, never drops or overwrites one, and
 * takes none while it is full or while writing fails.
 */
export class WriteBuffer {
  readonly #options: WriteBufferOptions
  readonly #capacity: number
  readonly #interval: number
  #waiting: WaitingDraft[] = []
  #inFlight = 0
  #added = 0
  #healthy = true
  #closed = false
  #retryMs = FIRST_RETRY_MS
  #timer: NodeJS.Timeout | null = null
  #flushing: Promise<void> | null = null
  #waiters: Waiter[] = []

  constructor(options: WriteBufferOptions) {
    this.#options = options
    this.#capacity = options.capacity ?? 16_384
    this.#interval = options.intervalMs ?? 10
  }

  /** Whether the last flush worked. */
  get healthy(): boolean {
    return this.#healthy
  }

  /** Whether the buffer is three quarters full: who can wait should wait for `flushed()`. */
  get nearlyFull(): boolean {
    return this.#size * 4 >= this.#capacity * 3
  }

  /**
   * Takes a draft, to be committed with the next group.
   *
   * @throws GovernanceError `JOURNAL_UNHEALTHY` when the last flush failed or the buffer is full, `GOVERNOR_CLOSED`.
   */
  add(workspace: string, draft: LaterDraft): void {
    if (this.#closed) throw new GovernanceError('GOVERNOR_CLOSED')
    if (!this.#healthy) throw unhealthy()
    if (this.#size >= this.#capacity) {
      throw new GovernanceError('JOURNAL_UNHEALTHY', {
        message: `The journal buffer is full: ${this.#capacity} rows wait to be written.`,
      })
    }
    this.#waiting.push({ workspace, draft, recordedAt: this.#options.now() })
    this.#added += 1
    if (this.#timer === null) this.#schedule(this.#interval)
  }

  /**
   * Waits until everything that was added so far is committed.
   *
   * @throws GovernanceError `JOURNAL_UNHEALTHY` when a flush fails; what was added stays and is tried again.
   */
  flushed(): Promise<void> {
    if (!this.#healthy) return Promise.reject(unhealthy())
    if (this.#size === 0) return Promise.resolve()
    this.#schedule(0)
    return new Promise((resolve, reject) => this.#waiters.push({ upTo: this.#added, resolve, reject }))
  }

  /**
   * Takes no more drafts and commits what is left.
   *
   * @throws GovernanceError `JOURNAL_UNHEALTHY` when rows could not be written; the message says how many.
   */
  async close(): Promise<void> {
    this.#closed = true
    for (let failures = 0; this.#size > 0 && failures < CLOSING_ATTEMPTS; ) {
      await this.#flushNow()
      if (this.#healthy) continue
      failures += 1
      await sleep(FIRST_RETRY_MS)
    }
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#size > 0) throw unhealthy(`${this.#size} journal rows could not be written before the governor closed.`)
  }

  get #size(): number {
    return this.#waiting.length + this.#inFlight
  }

  #schedule(delay: number): void {
    if (this.#flushing !== null) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#flushNow(), delay)
  }

  #flushNow(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#flushing ??= this.#flush()
    return this.#flushing
  }

  async #flush(): Promise<void> {
    const group = this.#waiting.slice(0, FLUSH_ROWS)
    this.#waiting = this.#waiting.slice(FLUSH_ROWS)
    this.#inFlight = group.length
    const { left, cause } = await this.#write(group)
    this.#waiting = [...left, ...this.#waiting]
    this.#inFlight = 0
    this.#flushing = null
    this.#settle(left.length === 0, cause)
    if (this.#waiting.length > 0) this.#schedule(this.#nextDelay())
  }

  #nextDelay(): number {
    if (!this.#healthy) return this.#retryMs
    return this.#waiters.length > 0 || this.#waiting.length >= FLUSH_ROWS ? 0 : this.#interval
  }

  /** Commits a group workspace by workspace and gives back what could not be committed. */
  async #write(group: readonly WaitingDraft[]): Promise<{ left: readonly WaitingDraft[]; cause: unknown }> {
    const workspaces = [...byWorkspace(group)]
    const left: WaitingDraft[] = []
    let cause: unknown
    while (workspaces.length > 0 && cause === undefined) {
      const round = workspaces.splice(0, PARALLEL)
      const results = await Promise.allSettled(
        round.map(async ([workspace, drafts]) => this.#options.write(workspace, drafts.map(this.#identified))),
      )
      for (const [index, result] of results.entries()) {
        if (result.status === 'fulfilled') continue
        cause = result.reason ?? new Error('The flush failed.')
        left.push(...(round[index]?.[1] ?? []))
      }
    }
    return { left: [...left, ...workspaces.flatMap(([, drafts]) => drafts)], cause }
  }

  readonly #identified = (waiting: WaitingDraft): BufferedDraft => {
    waiting.id ??= this.#options.nextId()
    const { id, draft, recordedAt } = waiting
    return { id, draft: typeof draft === 'function' ? draft() : draft, recordedAt }
  }

  #settle(complete: boolean, cause: unknown): void {
    this.#retryMs = complete ? FIRST_RETRY_MS : Math.min(this.#retryMs * 2, LAST_RETRY_MS)
    if (complete !== this.#healthy) this.#options.onHealth(complete, cause)
    this.#healthy = complete
    const committed = this.#added - this.#waiting.length
    const waiters = this.#waiters
    this.#waiters = complete ? waiters.filter((waiter) => waiter.upTo > committed) : []
    for (const waiter of waiters) {
      if (!complete) waiter.reject(unhealthy(undefined, cause))
      else if (waiter.upTo <= committed) waiter.resolve()
    }
  }
}

function unhealthy(message?: string, cause?: unknown): GovernanceError {
  return new GovernanceError('JOURNAL_UNHEALTHY', { ...(message ? { message } : {}), ...(cause ? { cause } : {}) })
}

function byWorkspace(group: readonly WaitingDraft[]): Map<string, WaitingDraft[]> {
  const groups = new Map<string, WaitingDraft[]>()
  for (const draft of group) {
    const known = groups.get(draft.workspace)
    if (known === undefined) groups.set(draft.workspace, [draft])
    else known.push(draft)
  }
  return groups
}
