import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from '../database/pool.ts'
import { JOURNAL_CHANNEL } from './seal-store.ts'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000

/**
 * Says that rows of a workspace were sealed, by this process or another. It is a hint and may be late or lost: whoever
 * needs to know looks again after a while.
 */
export class JournalBus {
  readonly #pool: Pool
  readonly #listeners = new Map<string, Set<() => void>>()
  readonly #closing = new AbortController()
  #listening: Promise<void> | null = null

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Calls the listener after rows of the workspace were sealed; gives the function that ends it. */
  subscribe(workspace: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(workspace) ?? new Set()
    this.#listeners.set(workspace, listeners)
    listeners.add(listener)
    this.#listening ??= this.#listen()
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(workspace) === listeners) this.#listeners.delete(workspace)
    }
  }

  /** Tells the subscribers in this process. */
  publish(workspace: string): void {
    for (const listener of [...(this.#listeners.get(workspace) ?? [])]) listener()
  }

  /** Stops listening to other processes, and wakes whoever waits to be told. */
  async close(): Promise<void> {
    this.#closing.abort()
    for (const workspace of [...this.#listeners.keys()]) this.publish(workspace)
    await this.#listening
  }

  async #listen(): Promise<void> {
    for (let retryMs = FIRST_RETRY_MS; !this.#closing.signal.aborted; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      try {
        const client = await this.#pool.connect()
        await this.#hear(client, () => {
          retryMs = FIRST_RETRY_MS
        })
      } catch {
        // Without the hint everything is only a little later, and the polls report what is wrong with the database.
      }
      await sleep(retryMs, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined)
    }
  }

  async #hear(client: PoolClient, onReady: () => void): Promise<void> {
    const onNotification = (message: { payload?: string }): void => this.publish(message.payload ?? '')
    const lost = new Promise<void>((resolve) => {
      client.once('end', resolve)
      client.once('error', () => resolve())
      if (this.#closing.signal.aborted) resolve()
      this.#closing.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    client.on('notification', onNotification)
    try {
      await client.query(`listen ${JOURNAL_CHANNEL}`)
      onReady()
      await lost
    } finally {
      client.off('notification', onNotification)
      client.release(true)
    }
  }
}
