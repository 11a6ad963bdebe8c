import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'

/** A server of the surroundings: the model, the receiver of webhooks. */
export interface Surrounding {
  readonly origin: string
  close(): Promise<void>
}

/** A request as it arrived. */
export interface Arrived {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Serves on this machine; what arrives is told, and answered. */
export async function serveSurrounding(
  answer: (arrived: Arrived, response: Parameters<RequestListener>[1]) => void,
): Promise<Surrounding> {
  const server: Server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    answer({ path: request.url ?? '', headers: request.headers, body }, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
