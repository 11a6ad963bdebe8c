import type { SlackSettings } from './slack-options.ts'

/** What Slack answers to a call that it did. */
export type SlackAnswer = Readonly<Record<string, unknown>> & { readonly ok: true }

/** The Web API of Slack, as far as a channel needs it. */
export interface SlackApi {
  /** @throws SlackBusy, SlackRefused, or the fault of the connection. */
  call(method: string, body: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<SlackAnswer>
  /** Puts a whole text as a file into the thread of a message. @throws as `call` */
  upload(file: SlackFile, options?: CallOptions): Promise<void>
}

/** A file for a thread. */
export interface SlackFile {
  readonly name: string
  readonly text: string
  readonly place: string
  readonly thread: string
}

interface CallOptions {
  readonly signal?: AbortSignal
}

/** Slack wants to be left alone for a while: whoever tells through channels comes back after it. */
class SlackBusy extends Error {
  readonly retryAfterMs: number

  constructor(retryAfterMs: number) {
    super(`Slack is busy for ${retryAfterMs} ms.`)
    this.retryAfterMs = retryAfterMs
  }
}

/** Slack did not do what it was asked to. */
export class SlackRefused extends Error {
  /** Slack's word for why, such as `channel_not_found`. */
  readonly reason: string

  constructor(method: string, reason: string) {
    super(`Slack refused ${method}: ${reason}.`)
    this.reason = reason
  }
}

const TIMEOUT_MS = 10_000
const LEAST_WAIT_MS = 1_000
const MOST_ANSWER_CHARACTERS = 1_000_000

/** Calls Slack as the app; while Slack asked to be left alone, nothing is sent. */
export function createSlackApi({ token, apiUrl, now }: SlackSettings): SlackApi {
  let busyUntil = 0

  async function post(url: string, init: RequestInit, { signal }: CallOptions = {}): Promise<Response> {
    const wait = busyUntil - now()
    if (wait > 0) throw new SlackBusy(wait)
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(url, {
      ...init,
      method: 'POST',
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    if (response.status !== 429) return response
    await response.body?.cancel()
    const seconds = Number(response.headers.get('retry-after'))
    const retryAfterMs = Math.max(LEAST_WAIT_MS, Number.isFinite(seconds) ? seconds * 1_000 : 0)
    busyUntil = now() + retryAfterMs
    throw new SlackBusy(retryAfterMs)
  }

  async function ask(method: string, init: RequestInit, options?: CallOptions): Promise<SlackAnswer> {
    const headers = { ...init.headers, authorization: `Bearer ${token}` }
    const response = await post(new URL(method, apiUrl).href, { ...init, headers }, options)
    const answer = parse(await response.text())
    if (answer?.ok === true) return { ...answer, ok: true }
    throw new SlackRefused(method, typeof answer?.error === 'string' ? answer.error : `status ${response.status}`)
  }

  const call: SlackApi['call'] = (method, body, options) => {
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    return ask(method, { headers, body: JSON.stringify(body) }, options)
  }

  return {
    call,
    async upload({ name, text, place, thread }, options) {
      const bytes = new TextEncoder().encode(text)
      // This method takes a form only.
      const form = new URLSearchParams({ filename: name, length: String(bytes.length) })
      const { upload_url: url, file_id: id } = await ask('files.getUploadURLExternal', { body: form }, options)
      if (typeof url !== 'string' || typeof id !== 'string' || !isOfSlack(url, apiUrl)) {
        throw new SlackRefused('files.getUploadURLExternal', 'no address to upload to')
      }
      const headers = { 'content-type': 'application/octet-stream' }
      const sent = await post(url, { headers, body: bytes }, options)
      await sent.body?.cancel()
      if (!sent.ok) throw new SlackRefused('the upload', `status ${sent.status}`)
      const shared = { files: [{ id, title: name }], channel_id: place, thread_ts: thread }
      await call('files.completeUploadExternal', shared, options)
    },
  }
}

/** What is to be approved is sent nowhere but where the API itself is, or to a place of Slack. */
function isOfSlack(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false
  const { origin, protocol, hostname } = new URL(url)
  return origin === new URL(apiUrl).origin || (protocol === 'https:' && hostname.endsWith('.slack.com'))
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.length > MOST_ANSWER_CHARACTERS) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
