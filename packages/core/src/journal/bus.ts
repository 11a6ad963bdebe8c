import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError } from '@preceptor/client'
import { within } from '../database/deadline.ts'
import type { PoolClient } from '../database/pool.ts'
import { CHANNELS, type Channel, notifyNow } from './bus-store.ts'
import type { JournalPorts } from './ports.ts'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000
const PROBE_EVERY_MS = 10_000
const HEARD_WITHIN_MS = 2_000

/**
 * Says that something changed, in this process or another: over one connection, whatever is listened to. It is a hint and
 * may be late or lost: whoever needs to know looks again after a while.
 */
export class Bus {
  readonly #ports: Pick<JournalPorts, 'database' | 'ids'>
  readonly #origin: string
  readonly #listeners = new Map<string, Set<() => void>>()
  readonly #closing = new AbortController()
  /** Topics of which other processes were not told yet. */
  readonly #untold = new Set<string>()
  #listening: Promise<void> | null = null
  #telling: Promise<void> | null = null
  #isHearing = false
  /** Called with what comes back of what this process told. */
  #onEcho = (): void => undefined

  constructor(ports: Pick<JournalPorts, 'database' | 'ids'>) {
    this.#ports = ports
    this.#origin = ports.ids.next('bus')
  }

  /** Whether what other processes tell arrives here, as far as this one knows. */
  get isHearing(): boolean {
    return this.#isHearing
  }

  /**
   * Calls the listener after something happened to the topic, and when what others told may have been missed; gives the
   * function that ends it.
   */
  subscribe(channel: Channel, topic: string, listener: () => void): () => void {
    const key = keyOf(channel, topic)
    const listeners = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, listeners)
    listeners.add(listener)
    this.#listening ??= this.#listen()
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key)
    }
  }

  /** Tells the subscribers in this process. */
  publish(channel: Channel, topic: string): void {
    this.#wake(keyOf(channel, topic))
  }

  /**
   * Tells the subscribers of a topic everywhere. It is called after the commit: a transaction that notifies waits at its
   * commit for every other one that does.
   */
  tell(topic: string): void {
    this.publish('topics', topic)
    this.#untold.add(topic)
    this.#telling ??= this.#tellOthers()
  }

  /** Tells what is left to tell, stops listening, and wakes whoever waits to be told. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#wakeAll()
    await Promise.all([this.#telling, this.#listening])
  }

  #wake(key: string): void {
    for (const listener of [...(this.#listeners.get(key) ?? [])]) listener()
  }

  #wakeAll(): void {
    for (const key of [...this.#listeners.keys()]) this.#wake(key)
  }

  async #tellOthers(): Promise<void> {
    while (this.#untold.size > 0) {
      const topics = [...this.#untold]
      this.#untold.clear()
      // Who is not told looks by itself.
      await this.#notify(topics).catch(() => undefined)
    }
    this.#telling = null
  }

  #notify(topics: readonly string[]): Promise<void> {
    const payloads = topics.map((topic) => `${this.#origin} ${topic}`)
    const late = (): Error => new GovernanceError('DEADLINE_EXCEEDED')
    return within(HEARD_WITHIN_MS, notifyNow(this.#ports.database.pool, 'topics', payloads), late)
  }

  async #listen(): Promise<void> {
    for (let retryMs = FIRST_RETRY_MS; !this.#closing.signal.aborted; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      try {
        const client = await this.#ports.database.pool.connect()
        await this.#hear(client, () => {
          retryMs = FIRST_RETRY_MS
        })
      } catch {
        // Without the hint everything is only a little later, and the polls report what is wrong with the database.
      }
      await pause(retryMs, this.#closing.signal)
    }
  }

  async #hear(client: PoolClient, onReady: () => void): Promise<void> {
    const lost = new AbortController()
    client.once('end', () => lost.abort())
    client.once('error', () => lost.abort())
    const onNotification = (message: Notification): void => this.#take(message)
    client.on('notification', onNotification)
    try {
      for (const channel of Object.values(CHANNELS)) await client.query(`listen ${channel}`)
      await this.#whileHeard(AbortSignal.any([this.#closing.signal, lost.signal]), onReady)
    } finally {
      this.#isHearing = false
      client.off('notification', onNotification)
      client.release(true)
    }
  }

  /** A dead connection, and one through a proxy that passes nothing on, look like one on which nothing happens: so ask. */
  async #whileHeard(ended: AbortSignal, onReady: () => void): Promise<void> {
    while (!ended.aborted) {
      const probe = await this.#probe(ended)
      if (probe === 'unheard') return
      if (probe === 'heard') onReady()
      const hasMissed = probe === 'heard' && !this.#isHearing
      this.#isHearing = probe === 'heard'
      if (hasMissed) this.#wakeAll()
      await pause(probe === 'heard' ? PROBE_EVERY_MS : LAST_RETRY_MS, ended)
    }
  }

  async #probe(ended: AbortSignal): Promise<'heard' | 'unheard' | 'untold'> {
    const waiting = new AbortController()
    this.#onEcho = () => waiting.abort()
    try {
      await this.#notify([''])
    } catch {
      return 'untold'
    }
    await pause(HEARD_WITHIN_MS, AbortSignal.any([ended, waiting.signal]))
    return waiting.signal.aborted ? 'heard' : 'unheard'
  }

  #take({ channel, payload = '' }: Notification): void {
    const end = payload.indexOf(' ')
    if (channel !== CHANNELS.topics) this.publish('journal', payload)
    else if (payload.slice(0, end) === this.#origin) this.#onEcho()
    else this.publish('topics', payload.slice(end + 1))
  }
}

interface Notification {
  readonly channel?: string
  readonly payload?: string
}

function keyOf(channel: Channel, topic: string): string {
  return `${channel} ${topic}`
}

/** Waits for so long, or until it is told to stop. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
