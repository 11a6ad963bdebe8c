import { GovernanceError } from '../errors/governance-error.ts'
import type { JsonObject } from '../port/json.ts'
import type { StreamTicket } from '../resources/stream-tickets.ts'
import { readResource } from './connection.ts'
import type { StreamSubscription } from './event-stream.ts'
import { errorOf, FollowedTopic, type TopicEntry } from './followed-topic.ts'
import type { GovernorSocket, SessionWatch, SocketConnectOptions, SocketTiming, TopicQuery } from './governor-socket.ts'
import { pause } from './pause.ts'
import { isJsonObject } from './read-answer.ts'
import { openLink, type SocketLink } from './socket-link.ts'
import { createTransport, type Transport } from './transport.ts'
import { type WebSocketClass, webSocketClass } from './web-socket.ts'

const TIMING: SocketTiming = { connectMs: 5_000, silenceMs: 75_000, firstWaitMs: 250, lastWaitMs: 30_000 }

/**
 * Makes a socket to the governor of another process; it is connected once something is followed or watched over it, and
 * again whenever the connection breaks. What is followed then goes on where it was, so that nothing is missed and nothing
 * comes twice.
 *
 * @throws GovernanceError `OPTION_INVALID`, also where the runtime has no WebSocket and none is given;
 * `CREDENTIAL_INVALID` for a token that is none.
 * @example
 * ```ts
 * import { connectSocket } from '@preceptor/client'
 *
 * export async function supervise(token: string, session: string): Promise<void> {
 *   const socket = connectSocket({ url: 'http://127.0.0.1:4600/api', token })
 *   socket.watch(session)
 *   for await (const { kind, body } of await socket.subscribe(`session:${session}`)) console.log(kind, body)
 *   socket.close()
 * }
 * ```
 */
export function connectSocket(options: SocketConnectOptions): GovernorSocket {
  const { token, signal } = options
  if (typeof token !== 'string' || token === '') throw new GovernanceError('CREDENTIAL_INVALID')
  const socket = new RemoteSocket(options, createTransport(options), webSocketClass(options.WebSocket))
  if (signal?.aborted === true) socket.close()
  signal?.addEventListener('abort', () => socket.close(), { once: true })
  return socket
}

interface Watched {
  leaseExpiresAt: string | undefined
  readonly lose: (error: GovernanceError) => void
}

type Followed = Pick<FollowedTopic<TopicEntry>, 'resume' | 'pause' | 'take' | 'end' | 'leave'>

class RemoteSocket implements GovernorSocket {
  readonly #options: SocketConnectOptions
  readonly #timing: SocketTiming
  readonly #transport: Transport
  readonly #WebSocket: WebSocketClass
  readonly #topics = new Map<string, Followed>()
  readonly #watched = new Map<string, Watched>()
  readonly #closing = new AbortController()
  /** The connection, and the same once it is open. */
  #present: SocketLink | undefined
  #link: SocketLink | undefined
  #isRunning = false

  constructor(options: SocketConnectOptions, transport: Transport, WebSocket: WebSocketClass) {
    this.#options = options
    this.#timing = { ...TIMING, ...options.timing }
    this.#transport = transport
    this.#WebSocket = WebSocket
  }

  subscribe<Entry extends TopicEntry>(topic: string, query: TopicQuery = {}): Promise<StreamSubscription<Entry>> {
    const { after, signal } = query
    const problem = this.#problemWith(topic, this.#topics)
    if (problem !== undefined) return Promise.reject(problem)
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    const leave = (): void => followed.leave()
    const followed = new FollowedTopic<Entry>({
      topic,
      after,
      onEnd: () => {
        signal?.removeEventListener('abort', leave)
        this.#topics.delete(topic)
        this.#release()
      },
    })
    signal?.addEventListener('abort', leave)
    this.#topics.set(topic, followed)
    const link = this.#link
    if (link === undefined) this.#start()
    else followed.resume(link.send)
    return followed.subscription
  }

  watch(session: string): SessionWatch {
    const problem = this.#problemWith(session, this.#watched)
    if (problem !== undefined) throw problem
    let lose = (_: GovernanceError): void => undefined
    const lost = new Promise<GovernanceError>((resolve) => {
      lose = resolve
    })
    const watched: Watched = { leaseExpiresAt: undefined, lose }
    this.#watched.set(session, watched)
    if (this.#link === undefined) this.#start()
    this.#link?.send(watchFrame('watch', session))
    return {
      get leaseExpiresAt() {
        return watched.leaseExpiresAt
      },
      lost,
      end: () => {
        if (this.#watched.get(session) !== watched) return
        this.#watched.delete(session)
        this.#link?.send(watchFrame('unwatch', session))
        this.#release()
      },
    }
  }

  close(): void {
    this.#closing.abort()
    for (const topic of [...this.#topics.values()]) topic.leave()
    this.#watched.clear()
    this.#present?.close()
  }

  #problemWith(name: string, taken: ReadonlyMap<string, unknown>): GovernanceError | undefined {
    if (this.#closing.signal.aborted) return new GovernanceError('GOVERNOR_CLOSED')
    return taken.has(name)
      ? new GovernanceError('CONFLICT', { message: `This socket has ${name} already.` })
      : undefined
  }

  get #isWanted(): boolean {
    return !this.#closing.signal.aborted && this.#topics.size + this.#watched.size > 0
  }

  #release(): void {
    if (!this.#isWanted) this.#present?.close()
  }

  #start(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    void this.#run()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#isRunning = false
        if (this.#isWanted) this.#start()
      })
  }

  /** Connects for as long as anything is wanted; what a repetition cannot change ends it. */
  async #run(): Promise<void> {
    let waitMs = this.#timing.firstWaitMs
    while (this.#isWanted) {
      const hasHeard = await this.#connect()
      if (hasHeard) waitMs = this.#timing.firstWaitMs
      if (!this.#isWanted) return
      // Sockets that lost one server do not come back all at once.
      await pause(waitMs * (0.5 + Math.random() / 2), this.#closing.signal)
      waitMs = Math.min(waitMs * 2, this.#timing.lastWaitMs)
    }
  }

  /** One connection from its ticket to its end; says whether anything was heard over it. */
  async #connect(): Promise<boolean> {
    try {
      const ticket = await this.#request('POST', '/stream-tickets', { path: '/ws' })
      const { ticket: text } = readResource<StreamTicket>(ticket, ['ticket'])
      if (!this.#isWanted) return false
      this.#present = this.#open(text)
      const { hasHeard } = await this.#present.closed
      this.#present = undefined
      this.#link = undefined
      for (const topic of this.#topics.values()) topic.pause()
      if (!hasHeard && this.#isWanted) await this.#request('GET', '/ws')
      return hasHeard
    } catch (error) {
      // A server that serves sockets says of a plain request that it is none.
      const isServed = GovernanceError.isInstance(error) && error.code === 'INPUT_INVALID'
      if (isServed || (GovernanceError.isInstance(error) && error.retryable)) return false
      throw error
    }
  }

  #open(ticket: string): SocketLink {
    const { connectMs, silenceMs } = this.#timing
    return openLink({
      WebSocket: this.#WebSocket,
      address: `${this.#transport.url.replace(/^http/, 'ws')}/ws?${new URLSearchParams({ ticket })}`,
      connectMs,
      silenceMs,
      onOpen: (link) => {
        this.#link = link
        this.#release()
        for (const topic of this.#topics.values()) topic.resume(link.send)
        for (const session of this.#watched.keys()) link.send(watchFrame('watch', session))
      },
      onFrame: (frame) => this.#take(frame),
    })
  }

  async #request(method: 'GET' | 'POST', path: string, body?: JsonObject) {
    const { token, workspace } = this.#options
    return this.#transport.request({
      method,
      path,
      token,
      ...(workspace === undefined ? {} : { workspace }),
      ...(body === undefined ? {} : { body }),
      signal: this.#closing.signal,
    })
  }

  #take(frame: JsonObject): void {
    const { type, topic, data } = frame
    if (typeof topic !== 'string') return
    if (type !== 'watching' && type !== 'unwatched') {
      this.#topics.get(topic)?.take(frame)
      return
    }
    const session = topic.slice('session:'.length)
    const watched = this.#watched.get(session)
    if (watched === undefined) return
    if (type === 'unwatched') {
      this.#watched.delete(session)
      watched.lose(errorOf(data))
      this.#release()
    } else if (isJsonObject(data) && typeof data.leaseExpiresAt === 'string') {
      watched.leaseExpiresAt = data.leaseExpiresAt
    }
  }

  #fail(error: unknown): void {
    if (this.#closing.signal.aborted) return
    for (const topic of [...this.#topics.values()]) topic.end(error)
    const why = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL', { cause: error })
    for (const [session, { lose }] of [...this.#watched]) {
      this.#watched.delete(session)
      lose(why)
    }
  }
}

function watchFrame(type: 'watch' | 'unwatch', session: string): JsonObject {
  return { type, topic: `session:${session}` }
}
