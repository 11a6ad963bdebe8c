import { GovernanceError } from '@preceptor/client'
import { createEngineHost, type EngineHost } from './engine-host.ts'
import { createSessionState, quoteChannel, type SessionState } from './session-state.ts'
import { type Answer, readAnswer, SYNC, simpleQuery, type TransactionStatus } from './wire-protocol.ts'

/** One group of messages of a session, ending in Sync or being one simple query. */
export interface Group {
  readonly bytes: Buffer
  /** Called with the answer, before it is handed on. */
  readonly settled?: (answer: Answer) => void
}

/** What the engine needs of a session. */
export interface EngineSession {
  readonly state: SessionState
  /** Milliseconds that a statement may run; 0 for no bound. */
  readonly deadlineMs: number
  /** Hands bytes to the client. */
  deliver(bytes: Buffer): void
  /** Ends the session; its statements are rejected with the error. */
  fail(error: Error): void
}

/** The embedded engine: one backend, used by many sessions in turn. */
export interface Engine {
  /** Settles when the engine is open. */
  readonly opened: Promise<void>
  createState(prelude: string): SessionState
  submit(session: EngineSession, group: Group): void
  /** Ends the session's part: its work is dropped and its open transaction rolled back. */
  leave(session: EngineSession): void
  close(): Promise<void>
}

/** Options of `createEngine`; times in milliseconds. */
export interface EngineOptions {
  /** A path, or `memory://`. */
  readonly location: string
  /** A transaction that sends nothing for this long is rolled back, because nobody else gets a turn meanwhile. */
  readonly idleTransactionMs?: number
}

interface Job {
  readonly session: EngineSession
  readonly group: Group
  timer: NodeJS.Timeout | undefined
}

const IDLE_TRANSACTION_MS = 30_000
const CLOSE_WITHIN_MS = 5_000
const INTERNAL_MS = 5_000
const ROLLBACK = simpleQuery('rollback')

const unavailable = (message: string): GovernanceError => new GovernanceError('STORE_UNAVAILABLE', { message })
const late = (message: string): GovernanceError => new GovernanceError('DEADLINE_EXCEEDED', { message })

/** Opens the engine in its thread. */
export function createEngine(options: EngineOptions): Engine {
  return new SharedEngine(options)
}

/** Lifecycle: sessions come and go while engines may follow one another. */
class SharedEngine implements Engine {
  readonly #host: EngineHost
  readonly #idleTransactionMs: number
  readonly #sessions = new Set<EngineSession>()
  readonly #queue: Job[] = []
  #running: Job | undefined
  #turn: Promise<void> = Promise.resolve()
  #busy = false
  /** Whose transaction is open: nobody else gets a turn. */
  #holder: EngineSession | undefined
  #holderTimer: NodeJS.Timeout | undefined
  /** The session of the open transaction has left. */
  #abandoned = false
  /** Whose settings are in force. */
  #appliedMark: string | undefined
  /** Prepared statements of sessions that left. */
  #discarded: Buffer[] = []
  #generation = 1
  #ids = 0
  #closed: GovernanceError | undefined

  constructor({ location, idleTransactionMs = IDLE_TRANSACTION_MS }: EngineOptions) {
    this.#idleTransactionMs = idleTransactionMs
    this.#host = createEngineHost({
      location,
      setup: () => this.#listenAgain(),
      onOpen: () => this.#pump(),
      onLost: (permanent) => this.#lost(permanent),
      onUnopened: () => this.#unopened(),
    })
    this.#host.opened.catch(() => undefined)
  }

  get opened(): Promise<void> {
    return this.#host.opened
  }

  createState(prelude: string): SessionState {
    this.#ids += 1
    return createSessionState(this.#ids, prelude)
  }

  submit(session: EngineSession, group: Group): void {
    if (this.#closed !== undefined) {
      session.fail(this.#closed)
      return
    }
    this.#sessions.add(session)
    const job: Job = { session, group, timer: undefined }
    if (session.deadlineMs > 0) job.timer = setTimeout(() => this.#waitedTooLong(job), session.deadlineMs)
    if (this.#holder === session) clearTimeout(this.#holderTimer)
    this.#queue.push(job)
    this.#host.wake()
    this.#pump()
  }

  leave(session: EngineSession): void {
    if (!this.#sessions.delete(session)) return
    if (session.state.generation === this.#generation) this.#discarded.push(...session.state.closing())
    const index = this.#queue.findIndex((job) => job.session === session)
    if (index >= 0) clearTimeout(this.#queue.splice(index, 1)[0]?.timer)
    if (this.#running?.session === session) clearTimeout(this.#running.timer)
    if (this.#holder === session) {
      clearTimeout(this.#holderTimer)
      this.#abandoned = true
    }
    this.#pump()
  }

  async close(): Promise<void> {
    if (this.#closed !== undefined) {
      await this.#host.close()
      return
    }
    this.#closed = unavailable('The embedded database was closed.')
    clearTimeout(this.#holderTimer)
    const running = this.#running?.session
    for (const session of this.#sessions) if (session !== running) session.fail(this.#closed)
    // The statement that runs now is answered before the engine shuts down, or ended with it.
    const timer = setTimeout(() => void this.#host.close(), CLOSE_WITHIN_MS)
    await this.#turn
    clearTimeout(timer)
    await this.#host.close()
    for (const session of this.#sessions) session.fail(this.#closed)
  }

  #pump(): void {
    if (!this.#host.isOpen || this.#busy || this.#closed !== undefined) return
    if (this.#abandoned) {
      this.#turn = this.#rollBack()
      return
    }
    const holder = this.#holder
    const index = holder === undefined ? 0 : this.#queue.findIndex((job) => job.session === holder)
    const [job] = index < 0 ? [] : this.#queue.splice(index, 1)
    if (job !== undefined) this.#turn = this.#run(job)
  }

  async #run(job: Job): Promise<void> {
    const { session, group } = job
    const prefix = this.#prefix(session.state)
    this.#running = job
    const bytes = Buffer.concat([...prefix.parts, group.bytes])
    const answer = await this.#execute(bytes, { skip: prefix.answers, session })
    if (answer === undefined) return
    clearTimeout(job.timer)
    this.#running = undefined
    session.state.generation = this.#generation
    group.settled?.(answer)
    this.#hold(session, answer)
    if (answer.prefixFailed) session.fail(unavailable('The settings of the session could not be restored.'))
    else if (this.#sessions.has(session)) session.deliver(answer.bytes)
    this.#notify(answer)
    this.#pump()
  }

  /** Undefined when the engine was lost meanwhile; then everything was dropped already. */
  async #execute(
    bytes: Buffer,
    { skip, session }: { readonly skip: number; readonly session?: EngineSession },
  ): Promise<Answer | undefined> {
    this.#busy = true
    const output = await this.#host.run(bytes, {
      boundMs: session?.deadlineMs ?? INTERNAL_MS,
      onLate: () => session?.fail(late(tooLong(session))),
    })
    if (output === undefined) return undefined
    const answer = readAnswer(output, skip)
    if (answer === undefined) this.#host.discard()
    else this.#busy = false
    return answer
  }

  /** What must run before a session's turn so that it finds the backend as it left it. */
  #prefix(state: SessionState): { readonly parts: readonly Buffer[]; readonly answers: number } {
    if (this.#holder !== undefined) return { parts: [], answers: 0 }
    const discarded = this.#discarded.splice(0)
    const prefixes = [
      ...(discarded.length === 0 ? [] : [{ bytes: Buffer.concat([...discarded, SYNC]), answers: 1 }]),
      ...(this.#appliedMark === state.mark ? [] : [state.settingsPrefix()]),
      ...(state.generation === this.#generation ? [] : [state.statementsPrefix()]),
    ]
    const answers = prefixes.reduce((sum, prefix) => sum + prefix.answers, 0)
    return { parts: prefixes.map((prefix) => prefix.bytes), answers }
  }

  #hold(session: EngineSession, { status, tags }: { status: TransactionStatus; tags: readonly string[] }): void {
    if (status === 'I') {
      if (this.#holder !== undefined) session.state.settleSettings(tags.includes('COMMIT'))
      this.#appliedMark = session.state.mark
      this.#holder = undefined
      this.#abandoned = false
      return
    }
    this.#appliedMark = session.state.mark
    this.#holder = session
    this.#abandoned = !this.#sessions.has(session)
    if (this.#abandoned) return
    const limit = this.#idleTransactionMs
    this.#holderTimer = setTimeout(() => {
      session.fail(late(`A transaction was idle for ${limit} ms and was rolled back.`))
    }, limit)
    this.#holderTimer.unref()
  }

  async #rollBack(): Promise<void> {
    this.#abandoned = false
    const answer = await this.#execute(ROLLBACK, { skip: 0 })
    if (answer === undefined) return
    this.#holder = undefined
    // The session may have changed settings in the transaction; the next one starts from its own.
    this.#appliedMark = undefined
    this.#pump()
  }

  #notify(answer: Answer): void {
    for (const { channel, bytes } of answer.notifications) {
      for (const session of this.#sessions) if (session.state.listening.has(channel)) session.deliver(bytes)
    }
  }

  /** The caller stops waiting. Whether the engine must end is decided by how long it runs, not by who waits. */
  #waitedTooLong(job: Job): void {
    const { session } = job
    session.fail(late(this.#running === job ? tooLong(session) : `The database was busy for ${session.deadlineMs} ms.`))
  }

  #listenAgain(): Buffer | undefined {
    const channels = new Set([...this.#sessions].flatMap((session) => [...session.state.listening]))
    const listens = [...channels].map((channel) => `listen ${quoteChannel(channel)}`)
    return listens.length === 0 ? undefined : simpleQuery(listens.join('; '))
  }

  /** What ran is lost, and so is the open transaction. What only waited runs in the next engine, if there is one. */
  #lost(permanent: boolean): void {
    const affected = new Set<EngineSession>()
    if (this.#running !== undefined) affected.add(this.#running.session)
    if (this.#holder !== undefined) affected.add(this.#holder)
    clearTimeout(this.#running?.timer)
    clearTimeout(this.#holderTimer)
    this.#generation += 1
    this.#running = undefined
    this.#holder = undefined
    this.#busy = false
    this.#abandoned = false
    this.#discarded = []
    this.#appliedMark = undefined
    if (permanent) this.#closed ??= unavailable('The in-memory database was lost when a statement had to be ended.')
    const error = this.#closed ?? unavailable('The embedded database was reopened while the statement ran.')
    for (const session of permanent ? this.#sessions : affected) session.fail(error)
  }

  /** The folder cannot be opened now; whoever waits is told, and the next statement tries again. */
  #unopened(): void {
    const error = unavailable('The embedded database could not be reopened.')
    for (const { session } of [...this.#queue]) session.fail(error)
  }
}

const tooLong = ({ deadlineMs }: EngineSession): string => `A statement ran longer than ${deadlineMs} ms.`
