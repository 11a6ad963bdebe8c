import type { GovernanceError } from '../errors/governance-error.ts'
import type { EventSubscription } from '../resources/events.ts'
import type { SessionEvent } from '../resources/supervision.ts'
import type { StreamSubscription } from './event-stream.ts'
import type { TransportOptions } from './transport.ts'
import type { WebSocketClass } from './web-socket.ts'

/** How a socket reaches its governor. */
export interface SocketConnectOptions extends TransportOptions {
  /** API key or JWT: a ticket is asked for with it before each connection. */
  readonly token: string
  readonly workspace?: string
  /** What makes sockets; default that of the runtime. Node has one from 22 on; the one of `ws` fits, too. */
  readonly WebSocket?: WebSocketClass
  /** Closes the socket when it aborts. */
  readonly signal?: AbortSignal
  readonly timing?: Partial<SocketTiming>
}

/** How patient a socket is, in milliseconds. */
export interface SocketTiming {
  /** Until a connection is open. */
  readonly connectMs: number
  /** A connection that is silent for so long is dead: the server says something every 30 s. */
  readonly silenceMs: number
  /** The first wait before connecting again, which doubles up to the last. */
  readonly firstWaitMs: number
  readonly lastWaitMs: number
}

/** From where a topic is followed, and until when. */
export interface TopicQuery {
  /** The sequence after which it begins; default: from now on, and a session from its beginning. */
  readonly after?: number
  /** Ends the iteration when it aborts; without one, `break` ends it. */
  readonly signal?: AbortSignal
}

/** A session whose lease is renewed while the socket lives. */
export interface SessionWatch {
  /** ISO 8601; undefined until it was renewed over this socket for the first time. */
  readonly leaseExpiresAt: string | undefined
  /** Kept, with the reason, once the lease is not renewed any more; never when it was ended here. */
  readonly lost: Promise<GovernanceError>
  end(): void
}

/** One socket to a governor, which is connected for as long as anything is followed or watched over it. */
export interface GovernorSocket {
  /**
   * Follows the events of a session, as `sessions.follow` does, or what is heard on another topic, as `events.subscribe`
   * does; each topic once at a time.
   *
   * @throws GovernanceError `CONFLICT` for a topic that is followed already, `GOVERNOR_CLOSED`, or the code that the server
   * states, also while it is iterated.
   */
  subscribe(topic: `session:${string}`, query?: TopicQuery): Promise<StreamSubscription<SessionEvent>>
  subscribe(topic: string, query?: TopicQuery): Promise<EventSubscription>
  /**
   * Renews the lease of the caller on a session to which it is attached, for as long as the connection shows that it is
   * there. A lease that lapsed while there was none is taken anew by attaching, and by that alone.
   */
  watch(session: string): SessionWatch
  /** Ends everything that is followed and watched. */
  close(): void
}
