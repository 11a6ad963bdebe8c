import { isErrorCode } from '../errors/error-codes.ts'
import { GovernanceError } from '../errors/governance-error.ts'
import type { JsonObject, JsonValue } from '../port/json.ts'
import type { StreamSubscription } from './event-stream.ts'
import { answerInvalid, isJsonObject } from './read-answer.ts'

// What waits for a slow reader stays with the server, which has it stored.
const MOST_WAITING = 256
const ASK_AGAIN_MS = 1_000

/** What every entry of a topic has. */
export interface TopicEntry {
  readonly sequence: number | null
  readonly kind: string
}

/** Where a topic begins, and who is told of its end. */
export interface FollowedTopicOptions {
  readonly topic: string
  readonly after: number | undefined
  readonly onEnd: () => void
}

type Send = (frame: JsonObject) => void

/** A topic that is followed, through however many connections, without a gap and without a repetition. */
export class FollowedTopic<Entry extends TopicEntry> {
  /** Kept once the first connection follows it. */
  readonly subscription: Promise<StreamSubscription<Entry>>
  readonly #options: FollowedTopicOptions
  #begun = (_: StreamSubscription<Entry>): void => undefined
  #failed = (_: unknown): void => undefined
  #send: Send | undefined
  /** What the present connection does for it. */
  #link: 'none' | 'asked' | 'live' = 'none'
  /** Everything up to it was received; undefined while no connection said where it begins. */
  #received: number | undefined
  #position: number
  #waiting: Entry[] = []
  #over: { readonly error?: unknown } | undefined
  #wake = (): void => undefined
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(options: FollowedTopicOptions) {
    this.#options = options
    this.#received = options.after
    this.#position = options.after ?? 0
    this.subscription = new Promise((resolve, reject) => {
      this.#begun = resolve
      this.#failed = reject
    })
    // Who does not wait for it is not told of its failure.
    this.subscription.catch(() => undefined)
  }

  /** A connection is there: it is asked for what comes after what was received. */
  resume(send: Send): void {
    this.#send = send
    this.#ask()
  }

  /** The connection is gone. */
  pause(): void {
    this.#send = undefined
    this.#link = 'none'
    clearTimeout(this.#again)
  }

  take(frame: JsonObject): void {
    if (this.#over !== undefined || this.#link === 'none') return
    if (frame.type === 'error') this.#refused(errorOf(frame.data))
    else if (frame.type === 'subscribed') this.#goesOn(frame)
    else if (this.#link === 'live' && frame.type === 'ended') this.end()
    else if (this.#link === 'live' && frame.type !== 'content.changed') this.#add(frame)
  }

  /** Ends it once what was received is handed over, with an error or because nothing comes after it. */
  end(error?: unknown): void {
    if (this.#over !== undefined) return
    this.#over = error === undefined ? {} : { error }
    clearTimeout(this.#again)
    if (this.#link !== 'none') this.#send?.({ type: 'unsubscribe', topic: this.#options.topic })
    this.#failed(error ?? new GovernanceError('GOVERNOR_CLOSED'))
    this.#options.onEnd()
    this.#wake()
  }

  /** Ends it here and now, because its reader wants no more. */
  leave(): void {
    this.#waiting = []
    this.end()
  }

  #ask(): void {
    clearTimeout(this.#again)
    if (this.#send === undefined || this.#link !== 'none' || this.#waiting.length > 0) return
    this.#link = 'asked'
    const data = this.#received === undefined ? {} : { data: { after: this.#received } }
    this.#send({ type: 'subscribe', topic: this.#options.topic, ...data })
  }

  #goesOn({ sequence }: JsonObject): void {
    this.#link = 'live'
    if (this.#received === undefined) {
      this.#received = typeof sequence === 'number' ? sequence : 0
      this.#position = this.#received
    }
    const position = (): number => this.#position
    this.#begun({
      get position() {
        return position()
      },
      [Symbol.asyncIterator]: () => this.#read(),
    })
  }

  #refused(error: GovernanceError): void {
    this.#link = 'none'
    if (error.status < 500) this.end(error)
    else this.#again = setTimeout(() => this.#ask(), ASK_AGAIN_MS)
  }

  #add(frame: JsonObject): void {
    const { data, sequence, type } = frame
    const isEntry = isJsonObject(data) && typeof sequence === 'number' && data.sequence === sequence
    if (!isEntry || data.kind !== type) {
      this.end(answerInvalid('an event is none of this topic'))
      return
    }
    if (sequence <= (this.#received ?? 0)) return
    this.#received = sequence
    // Sequence and kind were compared above; the rest is as the server of this release writes it.
    this.#waiting.push(data as unknown as Entry)
    this.#wake()
    if (this.#waiting.length < MOST_WAITING) return
    this.#link = 'none'
    this.#send?.({ type: 'unsubscribe', topic: this.#options.topic })
  }

  async *#read(): AsyncGenerator<Entry, void, undefined> {
    try {
      for (;;) {
        const entry = this.#waiting.shift()
        if (entry !== undefined) {
          this.#position = entry.sequence ?? this.#position
          yield entry
        } else if (this.#over === undefined) {
          const woken = new Promise<void>((resolve) => {
            this.#wake = resolve
          })
          this.#ask()
          await woken
        } else if (this.#over.error === undefined) return
        else throw this.#over.error
      }
    } finally {
      this.leave()
    }
  }
}

/** The fault that an error frame tells of. */
export function errorOf(data: JsonValue | undefined): GovernanceError {
  const { code, message } = isJsonObject(data) ? data : {}
  if (!isErrorCode(code)) return answerInvalid('it is an error without a code')
  return new GovernanceError(code, typeof message === 'string' ? { message: message.slice(0, 500) } : {})
}
