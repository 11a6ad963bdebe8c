import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One effect, as the outside saw it. */
export interface Effect {
  /** Of the workflow, as the run was told. */
  readonly run: string
  readonly step: string
  /** The idempotency key that it came with; null where none was sent. */
  readonly key: string | null
  /** The process that did it, where it says so. */
  readonly worker: string | null
}

/** The world outside of the product: it counts what is done to it, whoever does it and whatever dies meanwhile. */
export interface Oracle {
  /** An effect is a request to `<url>/<run>/<step>`. */
  readonly url: string
  /** Everything that arrived, oldest first. */
  readonly effects: Effect[]
  /** Called once an effect is counted; where it gives true, nobody is answered. */
  arrived: (effect: Effect) => boolean
  close(): Promise<void>
}

/** Opens one. */
export async function openOracle(): Promise<Oracle> {
  const effects: Effect[] = []
  const server = createServer(async (request, response) => {
    await read(request)
    const [, run = '', step = ''] = (request.url ?? '').split('/')
    const sent = (name: string): string | null => {
      const value = request.headers[name]
      return typeof value === 'string' ? value : null
    }
    const effect = { run, step, key: sent('idempotency-key'), worker: sent('x-worker') }
    effects.push(effect)
    if (oracle.arrived(effect)) return
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ run, step }))
  })
  // Many processes keep their connections for long.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const oracle: Oracle = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    effects,
    arrived: () => false,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
  return oracle
}

async function read(request: IncomingMessage): Promise<void> {
  for await (const _ of request);
}
