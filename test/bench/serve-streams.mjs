import { once } from 'node:events'
import { serve, upgradeWebSocket } from '@hono/node-server'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { WebSocketServer } from 'ws'

/** Serves the API of a governor with its sockets. */
export async function serveStreams(governor) {
  const app = new Hono().route('/api', governanceApi(governor, { upgradeWebSocket }))
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, websocket: { server: sockets } })
  await once(server, 'listening')
  return {
    port: server.address().port,
    close: () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Serves sockets that are told the same, and nothing else. */
export async function serveBare() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  return {
    port: server.address().port,
    broadcast(text) {
      for (const socket of server.clients) socket.send(text)
    },
    close: () => {
      for (const socket of server.clients) socket.terminate()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
