import { Duplex } from 'node:stream'
import type { Engine, EngineSession } from './engine.ts'
import { type SessionEffect, type SessionState, sessionEffect } from './session-state.ts'
import {
  type Answer,
  commandComplete,
  errorResponse,
  greeting,
  type Message,
  messageLength,
  readyForQuery,
  renameStatement,
  statementName,
  statementText,
  type TransactionStatus,
} from './wire-protocol.ts'

/** What a session is opened with. */
export interface SessionOptions {
  /** SQL that sets the session up, such as its search path. */
  readonly prelude: string
  /** Milliseconds that a statement may wait, and then run; 0 for no bound. */
  readonly deadlineMs: number
}

/**
 * The socket that a `pg` client talks to: it looks like one to `pg`, and like one session to the engine. `pg` itself
 * speaks the protocol on it, so types, errors and events are those of a server.
 */
export class EngineSocket extends Duplex implements EngineSession {
  readonly state: SessionState
  deadlineMs: number
  readonly #engine: Engine
  #received: Buffer = Buffer.alloc(0)
  #started = false
  #group: Message[] = []
  #status: TransactionStatus = 'I'
  #names = 0
  #leaving = false

  constructor(engine: Engine, options: SessionOptions) {
    super({ decodeStrings: true })
    this.#engine = engine
    this.state = engine.createState(options.prelude)
    this.deadlineMs = options.deadlineMs
  }

  /** Part of `net.Socket` that `pg` calls. */
  connect(): void {
    process.nextTick(() => this.emit('connect'))
  }

  setNoDelay(): void {}

  ref(): void {}

  unref(): void {}

  deliver(bytes: Buffer): void {
    if (!this.destroyed) this.push(bytes)
  }

  fail(error: Error): void {
    // A client that has said goodbye has nothing to be told.
    this.destroy(this.#leaving ? undefined : error)
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#receive(chunk)
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#receive(Buffer.concat(chunks.map(({ chunk }) => chunk)))
    done()
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#engine.leave(this)
    done(error)
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    for (;;) {
      const length = messageLength(this.#received, this.#started)
      if (length === undefined) return
      const bytes = this.#received.subarray(0, length)
      this.#received = this.#received.subarray(length)
      if (this.#started) this.#accept({ type: String.fromCharCode(bytes[0] ?? 0), bytes })
      else this.#greet()
    }
  }

  #greet(): void {
    this.#started = true
    this.#reply(greeting())
  }

  #accept(message: Message): void {
    // Terminate needs no answer: the stream ends after it.
    if (message.type === 'X') this.#leaving = true
    if (this.#leaving) return
    this.#group.push(this.#withEngineName(message))
    if (message.type === 'H') this.#refuse('0A000', 'Reading in portions is not available on the embedded database.')
    else if (message.type === 'Q' || message.type === 'S') this.#submit()
  }

  /** Prepared statements of all sessions live in one backend, so each gets a name of its own there. */
  #withEngineName(message: Message): Message {
    const name = statementName(message)
    if (name === undefined) return message
    if (message.type !== 'P') return renameStatement(message, this.state.statements.get(name)?.engineName ?? name)
    this.#names += 1
    const engineName = `${this.state.id}_${this.#names}`
    const parse = renameStatement(message, engineName)
    this.state.statements.set(name, { engineName, parse, parsed: false })
    return parse
  }

  #submit(): void {
    const messages = this.#group
    this.#group = []
    const text = messages.map(statementText).find((statement) => statement !== undefined)
    const effect = text === undefined ? ({ kind: 'none' } as const) : sessionEffect(text)
    if (effect.kind === 'refused') this.#refuse('0A000', effect.reason)
    else if (effect.kind === 'unlisten') this.#unlisten(effect.channel)
    else {
      const bytes = Buffer.concat(messages.map((message) => message.bytes))
      const settled = (answer: Answer): void => this.#settle(messages, effect, answer)
      this.#engine.submit(this, { bytes, settled })
    }
  }

  #settle(messages: readonly Message[], effect: SessionEffect, answer: Answer): void {
    this.#status = answer.status
    const parse = messages.find((message) => message.type === 'P' && statementName(message) !== undefined)
    if (parse !== undefined) this.#settleParse(parse, answer.parsed)
    if (answer.failed) return
    if (effect.kind === 'listen') for (const channel of effect.channels) this.state.listening.add(channel)
    if (effect.kind !== 'settings') return
    const again = Buffer.concat(messages.filter((message) => message !== parse).map((message) => message.bytes))
    this.state.recordSettings(effect.repeatable ? again : undefined, answer.status)
  }

  #settleParse(parse: Message, parsed: boolean): void {
    for (const [name, statement] of this.state.statements) {
      if (statement.parse !== parse) continue
      if (parsed) statement.parsed = true
      else this.state.statements.delete(name)
    }
  }

  /** The backend keeps listening, for others; this session no longer hears it. */
  #unlisten(channel: string): void {
    if (channel === '*') this.state.listening.clear()
    else this.state.listening.delete(channel)
    this.#reply(commandComplete('UNLISTEN'), readyForQuery(this.#status))
  }

  #refuse(code: string, reason: string): void {
    this.#group = []
    this.#reply(errorResponse(code, reason), readyForQuery(this.#status))
  }

  /** Never at once: `pg` may be in the middle of reading the answer before. */
  #reply(...parts: readonly Buffer[]): void {
    queueMicrotask(() => this.deliver(Buffer.concat(parts)))
  }
}
