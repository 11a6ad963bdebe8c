import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach } from 'vitest'

/** A request as it arrived. */
export interface ApiRequest {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An API on this machine that notes what it is asked. */
export interface ApiServer {
  readonly origin: string
  readonly received: ApiRequest[]
  /** How it answers, from now on; `{}` at the beginning of every test. */
  answer: (request: ApiRequest, response: ServerResponse) => void
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Starts an API for the tests of a file. */
export function useApi(): ApiServer {
  let server: Server
  const api: { -readonly [Key in keyof ApiServer]: ApiServer[Key] } = {
    origin: '',
    received: [],
    answer: (_, response) => sendJson(response, {}),
  }
  const { answer } = api
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request.setEncoding('utf8')) body += chunk
      const received = { method: request.method, path: request.url, headers: request.headers, body }
      api.received.push(received)
      api.answer(received, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    api.origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  })
  beforeEach(() => {
    api.received.length = 0
    api.answer = answer
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return api
}
