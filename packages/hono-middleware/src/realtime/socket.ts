import type { WSContext } from 'hono/ws'

/** Why the server closes a socket. */
export const CLOSE = {
  over: 1000,
  goingAway: 1001,
  tooLarge: 1009,
  fault: 1011,
  credential: 4401,
  silent: 4408,
  tooSlow: 4413,
  tooMany: 4429,
} as const

/** The parts of a socket of `ws` that are used where they are there. */
interface RawSocket {
  readonly bufferedAmount?: number
  ping?(): void
  terminate?(): void
  on?(event: 'pong', listener: () => void): unknown
}

/** A socket, of whatever server. */
export interface Socket {
  send(text: string): void
  close(code: number, reason: string): void
  /** Bytes that were sent and not taken yet. */
  readonly waiting: number
  /** Asks the other end for a sign of life by the protocol itself, which every browser gives. */
  ping(): void
  /** Calls back with each sign of life. */
  onPong(listener: () => void): void
  /** Gives up what does not even close. */
  terminate(): void
}

/** Makes a socket of that of Hono. */
export function socketOf(context: WSContext<unknown>): Socket {
  const { raw } = context
  // Whatever server it is: what it lacks is not used.
  const socket: RawSocket = typeof raw === 'object' && raw !== null ? raw : {}
  return {
    send: (text) => {
      if (context.readyState === 1) context.send(text)
    },
    close: (code, reason) => context.close(code, reason),
    get waiting() {
      return socket.bufferedAmount ?? 0
    },
    ping: () => {
      if (context.readyState === 1) socket.ping?.()
    },
    onPong: (listener) => void socket.on?.('pong', listener),
    terminate: () => socket.terminate?.(),
  }
}
