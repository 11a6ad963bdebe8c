import { Agent, request } from 'node:http'

/** An answer, or why there was none. */
export interface Sent {
  readonly status: number
  readonly text: string
  /** Such as `ECONNRESET`; empty when there was an answer. */
  readonly error: string
}

/** One request. */
export interface Sending {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** Sends requests over so many connections, which stay open. */
export interface Sender {
  send(sending: Sending): Promise<Sent>
  close(): void
}

const ANSWER_WITHIN_MS = 20_000

/** Opens connections to a server. */
export function openSender(address: string, connections: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(address)
  return {
    send: ({ method, path, headers = {}, body }) =>
      new Promise((resolve) => {
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
        const options = { agent, hostname, port, method, path, headers: { ...length, ...headers } }
        const sent = request(options, (answer) => {
          let text = ''
          answer.setEncoding('utf8')
          answer.on('data', (chunk: string) => (text += chunk))
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, error: '' }))
          answer.on('error', (error) => resolve({ status: 0, text, error: error.message }))
        })
        sent.setTimeout(ANSWER_WITHIN_MS, () => sent.destroy(new Error('timeout')))
        sent.on('error', (error: NodeJS.ErrnoException) =>
          resolve({ status: 0, text: '', error: error.code ?? error.message }),
        )
        sent.end(body)
      }),
    close: () => agent.destroy(),
  }
}
