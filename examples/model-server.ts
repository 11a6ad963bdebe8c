import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One message of a conversation, as the protocol of OpenAI writes it. */
export interface ModelMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool'
  readonly content?: unknown
  readonly tool_call_id?: string
}

/** What a script is asked with. */
export interface ModelRequest {
  readonly model: string
  readonly messages: readonly ModelMessage[]
}

/** One tool call that the model makes. */
export interface ModelCall {
  readonly id: string
  readonly name: string
  readonly args: unknown
}

/** What the model says next: tool calls, or a text that ends the run. */
export interface ModelTurn {
  /** HTTP status to fail with instead, such as 503. */
  readonly failure?: number
  readonly text?: string
  readonly calls?: readonly ModelCall[]
}

/** Says what the model answers to a conversation. */
export type ModelScript = (request: ModelRequest) => ModelTurn | Promise<ModelTurn>

/** A running model server. */
export interface ModelServer {
  /** What a client takes as its base address. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts a server on 127.0.0.1 that speaks the chat completions of OpenAI, whole and as a stream, and answers by a
 * script: real clients and agents run against it without an account. The same conversation gets the same message id.
 */
export async function startModelServer(script: ModelScript, { port = 0 } = {}): Promise<ModelServer> {
  const server = createServer((request, response) => {
    respond(script, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { message: String(error), type: 'invalid_request_error' } }))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // A server that listens on a port has an address with one.
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${bound}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function respond(script: ModelScript, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    response.writeHead(404).end()
    return
  }
  const asked = await readRequest(request)
  const turn = await script(asked)
  if (turn.failure !== undefined) {
    const error = { message: 'The model cannot be asked.', type: 'server_error' }
    response.writeHead(turn.failure, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
    return
  }
  if (asked.stream !== true) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completion(asked, turn)))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const chunk of chunks(asked, turn)) response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  response.end('data: [DONE]\n\n')
}

async function readRequest(request: IncomingMessage): Promise<ModelRequest & { readonly stream?: boolean }> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return JSON.parse(text)
}

/** Made of what was asked and of how far the conversation is, so that a repeated run gets the same ids. */
function idOf({ model, messages }: ModelRequest): string {
  const asked = messages.filter(({ role }) => role !== 'tool' && role !== 'assistant').map(({ content }) => content)
  const digest = createHash('sha256')
    .update(JSON.stringify([model, asked, messages.length]))
    .digest('hex')
  return `chatcmpl-${digest.slice(0, 24)}`
}

const USAGE = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }

const reasonOf = ({ calls = [] }: ModelTurn): string => (calls.length > 0 ? 'tool_calls' : 'stop')

function toolCalls({ calls = [] }: ModelTurn): object {
  if (calls.length === 0) return {}
  return {
    tool_calls: calls.map(({ id, name, args }, index) => ({
      index,
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    })),
  }
}

function completion(request: ModelRequest, turn: ModelTurn): object {
  const message = { role: 'assistant', content: turn.text ?? null, ...toolCalls(turn) }
  return {
    id: idOf(request),
    object: 'chat.completion',
    created: 0,
    model: request.model,
    choices: [{ index: 0, message, finish_reason: reasonOf(turn) }],
    usage: USAGE,
  }
}

/** The pieces of a streamed answer: the text word by word, then the calls, then the end. */
function chunks(request: ModelRequest, turn: ModelTurn): object[] {
  const piece = (delta: object, finish: string | null = null): object => ({
    id: idOf(request),
    object: 'chat.completion.chunk',
    created: 0,
    model: request.model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
  const words = turn.text?.match(/\S+\s*/g) ?? []
  return [
    piece({ role: 'assistant', content: '' }),
    ...words.map((content) => piece({ content })),
    ...(turn.calls === undefined ? [] : [piece(toolCalls(turn))]),
    piece({}, reasonOf(turn)),
  ]
}
