import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Whoever subscribed to the workspaces of a run. */
export interface Receiver {
  /** Its origin. */
  readonly url: string
  /** Ids of the deliveries that it has got, each as often as it came. */
  received(): readonly string[]
  close(): Promise<void>
}

/** Starts to listen. */
export async function openReceiver(): Promise<Receiver> {
  const got: string[] = []
  const server = createServer((request, response) => {
    const id = idOf(request)
    request.resume()
    request.on('end', () => {
      if (id !== undefined) got.push(id)
      response.writeHead(204).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => [...got],
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function idOf({ headers }: IncomingMessage): string | undefined {
  const id = headers['webhook-id']
  return Array.isArray(id) ? id[0] : id
}
