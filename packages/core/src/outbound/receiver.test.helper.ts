import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach } from 'vitest'

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A real server on this machine that notes what it is told. */
export interface Receiver {
  readonly origin: string
  readonly received: ReceivedRequest[]
  /** How it answers, from now on; 204 at the beginning of every test. */
  answer: (request: ReceivedRequest, respond: Parameters<RequestListener>[1]) => void
}

/** Starts a receiver for the tests of a file. */
export function useReceiver(): Receiver {
  let server: Server
  const receiver: { -readonly [Key in keyof Receiver]: Receiver[Key] } = {
    origin: '',
    received: [],
    answer: (_, response) => void response.writeHead(204).end(),
  }
  const { answer } = receiver
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const { method, url: path, headers } = request
      const received = { method, path, headers, body }
      receiver.received.push(received)
      receiver.answer(received, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    receiver.origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  })
  beforeEach(() => {
    receiver.received.length = 0
    receiver.answer = answer
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return receiver
}
