import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A running model server. */
export interface ModelServer {
  /** What a client takes as its base address. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts a server on 127.0.0.1 that speaks the chat completions of OpenAI: it calls the tool `refund` once, and then says
 * what the tool said.
 */
export async function startModelServer(): Promise<ModelServer> {
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    const last = JSON.parse(text).messages.at(-1)
    const call = { name: 'refund', arguments: JSON.stringify({ order: '17', cents: 500 }) }
    const isDone = last.role === 'tool'
    const message = isDone
      ? { role: 'assistant', content: last.content }
      : { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: call }] }
    const choices = [{ index: 0, message, finish_reason: isDone ? 'stop' : 'tool_calls' }]
    const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
    const answer = { id: 'chatcmpl-1', object: 'chat.completion', created: 0, model: 'scripted', choices, usage }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
