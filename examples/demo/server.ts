import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { GovernanceError } from '@preceptor/client'
import type { Hono } from 'hono'

/** A server that answers. */
export interface RunningServer {
  readonly port: number
  /** Takes no more requests and ends those that hang. */
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const FIRST_PORT = 4600
const TRIED_PORTS = 100

/**
 * Serves an app on 127.0.0.1: on the port that was asked for, else on 4600 or the next free one.
 *
 * @throws GovernanceError `OPTION_INVALID` when the port that was asked for is taken.
 */
export async function serveApp(app: Pick<Hono, 'fetch'>, asked: number | undefined): Promise<RunningServer> {
  const ports = asked === undefined ? Array.from({ length: TRIED_PORTS }, (_, index) => FIRST_PORT + index) : [asked]
  for (const port of ports) {
    const server = createAdaptorServer({ fetch: app.fetch }) as Server
    if (await listens(server, port)) return running(server)
  }
  const what = asked === undefined ? `the ports from ${FIRST_PORT} on are` : `port ${asked} is`
  throw new GovernanceError('OPTION_INVALID', {
    message: `Cannot serve: ${what} taken.`,
    hint: 'Give another one with --port; 0 takes any that is free.',
  })
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen(port, HOST, () => resolve(true))
  })
}

function running(server: Server): RunningServer {
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
