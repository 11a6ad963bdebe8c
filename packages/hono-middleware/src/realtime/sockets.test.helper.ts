import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve, upgradeWebSocket, type WebSocketServerLike } from '@hono/node-server'
import type { HostPlane } from '@preceptor/client'
import { Hono } from 'hono'
import { expect } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { governanceApi } from '../routes/governance-api.ts'
import { governanceSockets } from '../routes/governance-sockets.ts'
import { socketHubOf } from './socket-hub.ts'
import type { SocketSettings } from './socket-settings.ts'

/** A frame as it came. */
export interface Frame {
  readonly type: string
  readonly topic?: string
  readonly sequence?: number
  // What a frame holds is what each test is about.
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert on its shape
  readonly data: any
}

/** A client of a socket, with what came. */
export interface Client {
  readonly socket: WebSocket
  readonly frames: Frame[]
  send(frame: object | string): void
  of(type: string): readonly Frame[]
  readonly closed: Promise<number>
}

/** How a client connects. */
export interface ConnectOptions {
  /** Host and port. */
  readonly at: string
  readonly key?: string | undefined
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly autoPong?: boolean
}

/** Serves the API of a governor with its sockets. */
export async function serveSockets(
  governor: HostPlane,
  settings: Partial<SocketSettings> = {},
): Promise<{ readonly address: string; close(): Promise<void> }> {
  socketHubOf(governor, { lingerMs: 20, ...settings })
  const app = new Hono()
    .route('/', governanceSockets(governor, { upgradeWebSocket }))
    .route('/api', governanceApi(governor, { upgradeWebSocket }))
  const sockets = new WebSocketServer({ noServer: true })
  const websocket = { server: sockets as WebSocketServerLike }
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, websocket })
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Opens a socket. */
export async function connectSocket(options: ConnectOptions): Promise<Client> {
  const { at, key, path = '/api/ws', headers = {}, autoPong = true } = options
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const socket = new WebSocket(`ws://${at}${path}`, { headers: { ...authorization, ...headers }, autoPong })
  const frames: Frame[] = []
  socket.on('message', (data) => frames.push(JSON.parse(String(data))))
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('unexpected-response', (_, response) => reject(new Error(String(response.statusCode))))
    socket.once('error', reject)
  })
  return {
    socket,
    frames,
    closed,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    of: (type) => frames.filter((frame) => frame.type === type),
  }
}

/** Subscribes to a topic; gives the answer. */
export async function follow(client: Client, topic: string, after?: number): Promise<Frame> {
  client.send({ type: 'subscribe', topic, ...(after === undefined ? {} : { data: { after } }) })
  const answer = () => client.frames.find((one) => one.topic === topic && ['subscribed', 'error'].includes(one.type))
  await expect.poll(answer).toBeDefined()
  return answer() as Frame
}
