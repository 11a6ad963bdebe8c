import { GovernanceError } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import type { JournalPorts } from './ports.ts'
import { sealWorkspace } from './seal.ts'
import { findUnsealedWorkspaces } from './seal-store.ts'

// So long from the beginning of one run to that of the next: a burst is sealed together, and what comes alone is at once.
const APART_MS = 15
const SOON_MS = 1
const POLL_MS = 500
const LAST_RETRY_MS = 5_000
const PARALLEL = 4
const POLL_DEADLINE_MS = 5_000

/** What a sealer stands on. */
export interface SealerPorts extends JournalPorts {
  /** Told after each sealed batch. */
  readonly sealed: (workspace: string) => void
}

/**
 * Seals what this process commits within milliseconds, and what any other process left behind within a second. It
 * outlives faults of the database.
 */
export class Sealer {
  readonly #ports: SealerPorts
  readonly #woken = new Set<string>()
  #wakeTimer: NodeJS.Timeout | null = null
  #pollTimer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #polling: Promise<void> | null = null
  #retryMs = 0
  /** When the last run began. */
  #ranAt = Number.NEGATIVE_INFINITY
  #closed = false

  constructor(ports: SealerPorts) {
    this.#ports = ports
    this.#schedulePoll(POLL_MS)
  }

  /** Says that rows of the workspace were committed. */
  wake(workspace: string): void {
    this.#woken.add(workspace)
    if (this.#wakeTimer === null && this.#running === null) this.#scheduleRun()
  }

  /** Seals what is known to wait, once, and ends. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#wakeTimer !== null) clearTimeout(this.#wakeTimer)
    if (this.#pollTimer !== null) clearTimeout(this.#pollTimer)
    await this.#polling
    await this.#running
    if (this.#retryMs === 0) await this.#run()
  }

  #scheduleRun(): void {
    if (this.#closed) return
    this.#wakeTimer = setTimeout(
      () => {
        this.#wakeTimer = null
        this.#ranAt = this.#ports.clock.monotonic()
        this.#running = this.#run()
      },
      Math.max(SOON_MS, this.#retryMs, this.#ranAt + APART_MS - this.#ports.clock.monotonic()),
    )
    // A row that waits for its seal must not keep the process alive: the next process seals it.
    this.#wakeTimer.unref()
  }

  #schedulePoll(delay: number): void {
    if (this.#closed) return
    this.#pollTimer = setTimeout(() => {
      this.#polling = this.#poll()
    }, delay)
    this.#pollTimer.unref()
  }

  async #poll(): Promise<void> {
    try {
      const scope = { workspace: '*', role: 'system', deadlineMs: POLL_DEADLINE_MS } as const
      const workspaces = await inWorkspace(this.#ports.database, scope, findUnsealedWorkspaces)
      this.#recovered()
      for (const workspace of workspaces) this.wake(workspace)
    } catch (error) {
      this.#failed(error)
    }
    this.#schedulePoll(Math.max(POLL_MS, this.#retryMs))
  }

  async #run(): Promise<void> {
    let isMore = true
    while (isMore) {
      const workspaces = [...this.#woken]
      this.#woken.clear()
      isMore = false
      while (workspaces.length > 0) {
        const round = workspaces.splice(0, PARALLEL).map((workspace) => this.#seal(workspace))
        isMore = (await Promise.all(round)).includes(true) || isMore
      }
      isMore &&= !this.#closed
    }
    this.#running = null
    if (this.#woken.size > 0) this.#scheduleRun()
  }

  /** Seals one batch, so that a workspace with a long backlog does not hold up the others; true when more waits. */
  async #seal(workspace: string): Promise<boolean> {
    try {
      const result = await sealWorkspace(this.#ports, workspace)
      this.#recovered()
      if (result.outcome === 'busy' || result.more) this.#woken.add(workspace)
      if (result.outcome === 'busy') return false
      if (result.count > 0) this.#ports.sealed(workspace)
      return result.more
    } catch (error) {
      this.#woken.add(workspace)
      this.#failed(error)
      return false
    }
  }

  #recovered(): void {
    this.#retryMs = 0
  }

  #failed(error: unknown): void {
    if (this.#closed) return
    if (this.#retryMs === 0) {
      const code = GovernanceError.isInstance(error) ? error.code : 'INTERNAL'
      const message = error instanceof Error ? error.message : String(error)
      this.#ports.report({ level: 'warn', code, message: `Sealing the journal failed and is tried again: ${message}` })
    }
    this.#retryMs = Math.min(Math.max(this.#retryMs * 2, 100), LAST_RETRY_MS)
  }
}
