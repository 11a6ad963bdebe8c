import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { Canaries } from './canaries.ts'
import type { Sinks } from './sinks.ts'

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

/** What the model says to what it is asked. */
export type ModelSays = (asked: string) => { readonly status?: number; readonly text: string }

/** Serves a model that speaks the chat completions of OpenAI; what it is asked is a sink. */
export async function serveModel(sinks: Sinks): Promise<Surrounding & { say(says: ModelSays): void }> {
  let says: ModelSays = () => ({ text: 'no' })
  const served = await serveSurrounding(({ headers, body }, response) => {
    sinks.add('prompts', body)
    // The model gets the key that it is given.
    sinks.add('headers of the model', { ...headers, authorization: '' })
    const { status = 200, text } = says(JSON.parse(body).messages.at(-1)?.content ?? '')
    const message = { role: 'assistant', content: text }
    const answer = status === 200 ? JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }) : text
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer)
  })
  return { ...served, say: (next) => (says = next) }
}

/** Serves where webhooks go, and the endpoint of an agent in training; both fail, and say why with a secret. */
export function serveReceiver({
  canaries,
  sinks,
}: {
  readonly canaries: Canaries
  readonly sinks: Sinks
}): Promise<Surrounding> {
  return serveSurrounding(({ path, headers, body }, response) => {
    // The agent that is trained gets what its endpoint is given.
    const what = path.startsWith('/trainee') ? 'trainee' : 'webhook'
    sinks.add(`${what} bodies`, body)
    sinks.add(`${what} headers`, { ...headers, ...(what === 'trainee' && { authorization: '' }) })
    response.writeHead(500).end(canaries.known('webhook-answer'))
  })
}

/** Serves on this machine; what arrives is told, and answered. */
async function serveSurrounding(
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
