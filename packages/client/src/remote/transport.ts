import { GovernanceError } from '../errors/governance-error.ts'
import type { JsonObject, JsonValue } from '../port/json.ts'
import type { Surface } from '../port/vocabulary.ts'
import { traceHeaders } from '../tracing/spans.ts'
import { parseAddress } from './parse-address.ts'
import { readAnswer } from './read-answer.ts'

/** Where a governor answers. */
export interface TransportOptions {
  /** Where its API is mounted, such as `http://127.0.0.1:4600/api`. Plain http is for this machine only. */
  readonly url: string | URL
  /** Milliseconds within which a request is answered, retries included; default 2,000. */
  readonly deadlineMs?: number
  /** Sends the credential over plain http to another machine too; default false. */
  readonly allowPlainHttp?: boolean
}

/** One request to the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the address of the API, with a slash in front; whatever is put into it is encoded already. */
  readonly path: string
  /** An undefined part is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: JsonObject
  /** API key or JWT. */
  readonly token: string
  /** Refused by the server unless it is the workspace of the credential. */
  readonly workspace?: string
  /** What the caller is to the server, which counts by it. */
  readonly surface?: Surface
  /** Refused by the server unless it is the trigger source of the credential. */
  readonly source?: string
  /** Makes a POST that is sent again the same one, for 24 h. */
  readonly idempotencyKey?: string
  /** Sent twice, it does what it does once; default: it is no POST, PATCH or DELETE, or it has an idempotency key. */
  readonly repeatable?: boolean
  /** Milliseconds, retries included; default that of the transport. */
  readonly deadlineMs?: number
  /** Ends the request; it then throws the reason. */
  readonly signal?: AbortSignal
  /** Largest answer that is read; default 4 MiB. */
  readonly mostBytes?: number
}

/** Sends requests to one governor. */
export interface Transport {
  /** Address of the API, without a slash at its end. */
  readonly url: string
  /**
   * Sends a request and gives the JSON of its answer. A connection that fails is tried again within the deadline, where
   * the request may be sent twice or was not sent.
   *
   * @throws GovernanceError with the code that the server states; `DEADLINE_EXCEEDED`, `GOVERNOR_UNREACHABLE`,
   * `GOVERNOR_ANSWER_INVALID`; `CREDENTIAL_INVALID` for a token that is none.
   */
  request(request: ApiRequest): Promise<JsonValue>
}

const DEADLINE_MS = 2_000
const MOST_BYTES = 4_194_304
const WAITS_MS = [50, 150, 450] as const
const IN_FLIGHT_WAIT_MS = 100
const TOKEN = /^[A-Za-z0-9._~+/=-]+$/
const KEY = /^[!-~](?:[ -~]*[!-~])?$/
/** Failures before anything was sent. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * Makes a transport to one governor.
 *
 * @throws GovernanceError `OPTION_INVALID`.
 */
export function createTransport(options: TransportOptions): Transport {
  const url = parseAddress(options.url, { allowPlainHttp: options.allowPlainHttp === true })
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS
  if (!(Number.isFinite(deadlineMs) && deadlineMs > 0)) {
    throw new GovernanceError('OPTION_INVALID', { message: 'Option deadlineMs: it must be a number of milliseconds.' })
  }
  return { url, request: (request) => sendInTime({ deadlineMs, ...request }, { url }) }
}

type TimedRequest = ApiRequest & { readonly deadlineMs: number }

/** One deadline over all that a request takes: connecting, waiting, retrying, reading. */
async function sendInTime(request: TimedRequest, { url }: { readonly url: string }): Promise<JsonValue> {
  const { signal: host, deadlineMs } = request
  const prepared = prepare(request, url)
  host?.throwIfAborted()
  const controller = new AbortController()
  const late = new GovernanceError('DEADLINE_EXCEEDED', {
    message: `The governor did not answer within ${deadlineMs} ms.`,
  })
  const timer = setTimeout(() => controller.abort(late), deadlineMs)
  const abort = (): void => controller.abort(host?.reason)
  host?.addEventListener('abort', abort, { once: true })
  try {
    return await sendAgain(request, prepared, controller.signal)
  } finally {
    clearTimeout(timer)
    host?.removeEventListener('abort', abort)
  }
}

interface Prepared {
  readonly address: string
  readonly init: RequestInit
}

function prepare(request: TimedRequest, url: string): Prepared {
  const { method, path, query = {}, body, token, workspace, source, surface, idempotencyKey } = request
  // What fetch says of a header that it refuses holds the header.
  if (typeof token !== 'string' || !TOKEN.test(token)) throw new GovernanceError('CREDENTIAL_INVALID')
  if (idempotencyKey !== undefined && !(idempotencyKey.length <= 200 && KEY.test(idempotencyKey))) {
    throw new GovernanceError('INPUT_INVALID', { message: 'The Idempotency-Key must be 1 to 200 ASCII characters.' })
  }
  const search = searchOf(query)
  const headers = {
    accept: 'application/json, application/problem+json',
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(workspace === undefined ? {} : { 'preceptor-workspace': workspace }),
    ...(source === undefined ? {} : { 'preceptor-source': source }),
    ...(surface === undefined ? {} : { 'preceptor-surface': surface }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...traceHeaders(),
  }
  return {
    address: `${url}${path}${search === '' ? '' : `?${search}`}`,
    init: { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
  }
}

function searchOf(query: NonNullable<ApiRequest['query']>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.toString()
}

async function sendAgain(request: TimedRequest, prepared: Prepared, signal: AbortSignal): Promise<JsonValue> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await send(request, prepared, signal)
    } catch (error) {
      const wait = waitAfter(request, error, failures)
      if (wait === undefined || signal.aborted) throw toFault(error, signal)
      await pause(wait, signal)
    }
  }
}

async function send({ mostBytes = MOST_BYTES }: TimedRequest, { address, init }: Prepared, signal: AbortSignal) {
  const response = await fetch(address, { ...init, signal })
  return await readAnswer(response, { mostBytes })
}

/** Milliseconds until the request is sent again; undefined when it is not. */
function waitAfter(request: ApiRequest, error: unknown, failures: number): number | undefined {
  if (GovernanceError.isInstance(error)) {
    // The first try of this very request is still being worked on.
    const isOwn = error.code === 'IDEMPOTENCY_IN_FLIGHT' && request.idempotencyKey !== undefined && failures > 0
    return isOwn ? IN_FLIGHT_WAIT_MS : undefined
  }
  return isRepeatable(request) || UNSENT.has(causeOf(error)) ? WAITS_MS[failures] : undefined
}

function isRepeatable({ method, idempotencyKey, repeatable }: ApiRequest): boolean {
  return repeatable ?? (method === 'GET' || method === 'PUT' || idempotencyKey !== undefined)
}

/** The code of what failed underneath, such as `ECONNREFUSED`. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause
  const code: unknown = typeof inner === 'object' && inner !== null && 'code' in inner ? inner.code : undefined
  return typeof code === 'string' ? code : 'no answer'
}

function toFault(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  if (GovernanceError.isInstance(error)) return error
  return new GovernanceError('GOVERNOR_UNREACHABLE', { message: `The governor cannot be reached: ${causeOf(error)}.` })
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', abort, { once: true })
  })
}
