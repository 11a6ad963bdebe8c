import type { Server } from 'node:http'
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server'
import { GovernanceError } from '@preceptor/client'
import type { Hono } from 'hono'
import { WebSocketServer } from 'ws'

export { upgradeWebSocket } from '@hono/node-server'

const MOST_FRAME_BYTES = 16_384
/** A request arrives within this time or not at all; streams are answers, and last. Times in milliseconds. */
const ARRIVAL = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 }
const MOST_CONNECTIONS = 10_000

/** A server that answers. */
export interface Listening {
  /** Such as `http://127.0.0.1:4600`. */
  readonly address: string
  /** Takes no more requests and ends those that hang. */
  close(): Promise<void>
}

/**
 * Serves an app; port 0 takes any that is free.
 *
 * @throws GovernanceError `OPTION_INVALID` when the port is taken or the host is not of this machine.
 */
export async function listen(
  app: Pick<Hono, 'fetch'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  // Of plain HTTP, which is the default, the adaptor makes a server of node:http.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_FRAME_BYTES, perMessageDeflate: false })
  // It is one; their types differ in whether an option may be undefined.
  const websocket = { server: sockets as WebSocketServerLike }
  const server = createAdaptorServer({ fetch: app.fetch, websocket, serverOptions: ARRIVAL }) as Server
  server.maxConnections = MOST_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(`${host}:${port}`, cause)))
    server.listen(port, host, resolve)
  })
  const bound = server.address()
  const actual = typeof bound === 'object' && bound !== null ? bound.port : port
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        for (const socket of sockets.clients) {
          socket.close(1001, 'The server is closing.')
          socket.terminate()
        }
      }),
  }
}

function cannotListen(where: string, cause: NodeJS.ErrnoException): GovernanceError {
  const why = cause.code === 'EADDRINUSE' ? 'the port is taken' : cause.message
  return new GovernanceError('OPTION_INVALID', {
    message: `Cannot listen on ${where}: ${why}.`,
    hint: 'Give another one with --host and --port; port 0 takes any that is free.',
    cause,
  })
}
