import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A message as Slack shows it now. */
export interface PostedMessage {
  readonly channel: string
  readonly ts: string
  readonly thread: string | undefined
  text: string
  blocks: readonly SlackBlock[]
}

/** As much of a block as tests look at. */
export interface SlackBlock {
  readonly type: string
  readonly elements?: readonly SlackBlock[]
  readonly [name: string]: unknown
}

/** A call that the server was sent. */
export interface SlackCall {
  readonly method: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A server that speaks the Web API of Slack, as far as it is documented. */
export interface FakeSlack {
  readonly apiUrl: string
  readonly calls: SlackCall[]
  readonly messages: PostedMessage[]
  readonly files: { readonly name: string; readonly text: string; readonly thread: string | undefined }[]
  /** Answers the next calls of a method in this way. */
  answerNext(method: string, answer: NextAnswer): void
  close(): Promise<void>
}

/** How a call is answered for once. */
export type NextAnswer =
  | { readonly kind: 'busy'; readonly seconds: number }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'late'; readonly until: Promise<void> }

const TOKEN = 'xoxb-test'
export const SECRET = '8f742231b10e8888abcd99yyyzzz85a5'
export const ROOM = 'C0123456789'

interface Upload {
  readonly name: string
  readonly length: number
  text: string
}

/** What the server holds. */
interface Held extends Pick<FakeSlack, 'calls' | 'messages' | 'files'> {
  readonly uploads: Map<string, Upload>
  readonly next: Map<string, NextAnswer[]>
}

type Body = Readonly<Record<string, unknown>>

const isText = (value: unknown): value is string => typeof value === 'string'

function postMessage({ messages }: Held, body: Body): object {
  const problem = problemOf(body)
  if (problem !== undefined) return { ok: false, error: problem }
  const message = {
    channel: String(body.channel),
    ts: `1700000000.${String(messages.length + 1).padStart(6, '0')}`,
    thread: isText(body.thread_ts) ? body.thread_ts : undefined,
    text: String(body.text),
    blocks: body.blocks as readonly SlackBlock[],
  }
  messages.push(message)
  return { ok: true, channel: message.channel, ts: message.ts, message: { type: 'message', ts: message.ts } }
}

function update({ messages }: Held, body: Body): object {
  const message = messages.find(({ channel, ts }) => channel === body.channel && ts === body.ts)
  if (message === undefined) return { ok: false, error: 'message_not_found' }
  const problem = problemOf(body)
  if (problem !== undefined) return { ok: false, error: problem }
  message.text = String(body.text)
  message.blocks = body.blocks as readonly SlackBlock[]
  return { ok: true, channel: message.channel, ts: message.ts, text: message.text }
}

function completeUpload({ uploads, files }: Held, body: Body): object {
  const [file] = body.files as readonly { readonly id: string }[]
  const upload = uploads.get(file?.id ?? '')
  if (upload === undefined || Buffer.byteLength(upload.text) !== upload.length) {
    return { ok: false, error: 'file_not_found' }
  }
  files.push({ name: upload.name, text: upload.text, thread: isText(body.thread_ts) ? body.thread_ts : undefined })
  return { ok: true, files: [{ id: file?.id, title: upload.name }] }
}

function methodsOf(held: Held, origin: string): Readonly<Record<string, (body: Body) => object>> {
  const { uploads } = held
  return {
    'chat.postMessage': (body) => postMessage(held, body),
    'chat.update': (body) => update(held, body),
    'chat.postEphemeral': () => ({ ok: true, message_ts: '1700000001.000001' }),
    'views.open': (body) =>
      isText(body.trigger_id) ? { ok: true, view: { id: 'V1' } } : { ok: false, error: 'invalid_trigger' },
    'files.getUploadURLExternal': (body) => {
      const id = `F${uploads.size + 1}`
      uploads.set(id, { name: String(body.filename), length: Number(body.length), text: '' })
      return { ok: true, upload_url: `${origin}/upload/${id}`, file_id: id }
    },
    'files.completeUploadExternal': (body) => completeUpload(held, body),
  }
}

async function answer(held: Held, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bytes = await bytesOf(request)
  const path = request.url ?? ''
  const send = (status: number, body: object, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
  if (path.startsWith('/upload/')) {
    const upload = held.uploads.get(path.slice('/upload/'.length))
    if (upload !== undefined) upload.text = bytes.toString()
    response.writeHead(200).end('OK')
    return
  }
  const method = path.slice('/api/'.length)
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  const body = isForm ? Object.fromEntries(new URLSearchParams(bytes.toString())) : JSON.parse(bytes.toString())
  held.calls.push({ method, body })
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(200, { ok: false, error: 'invalid_auth' })
  const planned = held.next.get(method)?.shift()
  if (planned?.kind === 'busy') {
    return send(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(planned.seconds) })
  }
  if (planned?.kind === 'error') return send(200, { ok: false, error: planned.error })
  if (planned?.kind === 'late') await planned.until
  const methods = methodsOf(held, `http://${request.headers.host}`)
  send(200, methods[method]?.(body) ?? { ok: false, error: 'unknown_method' })
}

/** Starts one on a free port. */
export async function startSlack(): Promise<FakeSlack> {
  const held: Held = { calls: [], messages: [], files: [], uploads: new Map(), next: new Map() }
  const server = createServer((request, response) => void answer(held, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { calls, messages, files, next } = held
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    calls,
    messages,
    files,
    answerNext: (method, planned) => void next.set(method, [...(next.get(method) ?? []), planned]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What Slack refuses of a message: its documented limits. */
function problemOf({ blocks, text }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof text !== 'string' || text.length > 40_000) return 'msg_too_long'
  if (!Array.isArray(blocks) || blocks.length > 50) return 'invalid_blocks'
  return everyObject(blocks).every(isWithinLimits) ? undefined : 'invalid_blocks'
}

function isWithinLimits({ type, text, value, confirm }: Readonly<Record<string, unknown>>): boolean {
  if (type === 'text' && typeof text === 'string') return text.length > 0 && text.length <= 3_000
  if (type === 'button') {
    const asked = Reflect.get(Object(Reflect.get(Object(confirm), 'text')), 'text') ?? ''
    return String(value ?? '').length <= 2_000 && String(asked).length <= 300
  }
  return true
}

/** Every object in a value, the value included. */
export function everyObject(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(everyObject)
  if (typeof value !== 'object' || value === null) return []
  return [{ ...value }, ...Object.values(value).flatMap(everyObject)]
}

/** All texts that a message shows, in order. */
export function textsOf(blocks: readonly SlackBlock[]): string {
  return everyObject(blocks)
    .filter(({ type }) => type === 'text')
    .map(({ text }) => text)
    .join('\n')
}

/** The buttons of a message, by their ids. */
export function buttonsOf(blocks: readonly SlackBlock[]): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const buttons = everyObject(blocks).filter(({ type }) => type === 'button')
  return new Map(buttons.map((button) => [String(button.action_id), button]))
}

/** A request that Slack has signed. */
export function signedBySlack(
  payload: unknown,
  { at, secret = SECRET }: { readonly at: number; readonly secret?: string },
): RequestInit & { readonly body: string } {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  const timestamp = String(Math.floor(at / 1_000))
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature,
  }
  return { method: 'POST', headers, body }
}
