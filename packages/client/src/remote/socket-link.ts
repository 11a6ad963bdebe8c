import type { JsonObject } from '../port/json.ts'
import { isJsonObject } from './read-answer.ts'
import type { WebSocketClass } from './web-socket.ts'

// The server takes 50 frames in a second.
const MOST_AT_ONCE = 40
const WINDOW_MS = 1_100

/** One connection of a socket, from its opening to its end. */
export interface SocketLink {
  send(frame: JsonObject): void
  close(): void
  /** Kept once it has ended, however that came; whether anything was heard over it. */
  readonly closed: Promise<{ readonly hasHeard: boolean }>
}

/** How a connection is made; times in milliseconds. */
export interface SocketLinkOptions {
  readonly WebSocket: WebSocketClass
  readonly address: string
  readonly connectMs: number
  /** A connection over which nothing comes for so long is dead. */
  readonly silenceMs: number
  readonly onOpen: (link: SocketLink) => void
  readonly onFrame: (frame: JsonObject) => void
}

/** Opens a connection; what it says is handed over in its order. */
export function openLink(options: SocketLinkOptions): SocketLink {
  const socket = new options.WebSocket(options.address)
  let hasHeard = false
  let isOver = false
  let end = (): void => undefined
  const closed = new Promise<void>((resolve) => {
    end = resolve
  })
  const over = (): void => {
    isOver = true
    clearTimeout(patience)
    outbox.stop()
    end()
  }
  const close = (): void => {
    if (isOver) return
    // A dead connection would not answer the close: it is over here and now.
    over()
    socket.close(1000)
  }
  let patience = setTimeout(close, options.connectMs)
  const outbox = createOutbox((text) => socket.send(text))
  const link: SocketLink = {
    send: (frame) => {
      if (!isOver) outbox.add(JSON.stringify(frame))
    },
    close,
    closed: closed.then(() => ({ hasHeard })),
  }
  const listen = (): void => {
    clearTimeout(patience)
    patience = setTimeout(close, options.silenceMs)
  }
  socket.addEventListener('open', () => {
    if (isOver) return socket.close(1000)
    listen()
    options.onOpen(link)
  })
  socket.addEventListener('message', ({ data }) => {
    if (isOver) return
    const frame = parseFrame(data)
    if (frame === undefined) return close()
    hasHeard = true
    listen()
    options.onFrame(frame)
  })
  socket.addEventListener('error', () => undefined)
  socket.addEventListener('close', over)
  return link
}

function parseFrame(data: unknown): JsonObject | undefined {
  try {
    const value: unknown = typeof data === 'string' ? JSON.parse(data) : undefined
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Sends no more at once than the server takes. */
function createOutbox(send: (text: string) => void): { add(text: string): void; stop(): void } {
  const waiting: string[] = []
  let sent = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    for (const text of waiting.splice(0, MOST_AT_ONCE - sent)) {
      sent += 1
      send(text)
    }
    timer ??= setTimeout(() => {
      sent = 0
      timer = undefined
      if (waiting.length > 0) flush()
    }, WINDOW_MS)
  }
  return {
    add(text) {
      waiting.push(text)
      flush()
    },
    stop: () => clearTimeout(timer),
  }
}
