import type { LookupAddress } from 'node:dns'
import { lookup as systemLookup } from 'node:dns/promises'
import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { GovernanceError } from '@preceptor/client'
import { hostOf, readOutboundUrl } from './outbound-url.ts'
import { isPublicAddress } from './public-address.ts'

/** How others are called. */
export interface OutboundOptions {
  /** Origins that may be called whatever they are, such as `http://127.0.0.1:4711`. */
  readonly allow?: readonly string[] | undefined
  /** Gives every address of a name; default: the resolver of the machine. */
  readonly resolve?: ((host: string) => Promise<readonly LookupAddress[]>) | undefined
  /** Milliseconds from the look-up of the name to the end of the answer; default 5,000. */
  readonly timeoutMs?: number | undefined
}

/** One POST. */
export interface OutboundRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal?: AbortSignal | undefined
}

/** What came of it. A redirect is an answer like any other: it is not followed. */
export type OutboundResult =
  | { readonly outcome: 'answered'; readonly status: number; readonly body: string }
  /** Nothing was sent: the address is not one to be called. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** Whether anything arrived is not known; the reason is a short word such as `timeout` or `ECONNREFUSED`. */
  | { readonly outcome: 'failed'; readonly reason: string }

/** The only way out to addresses that somebody typed in. */
export interface OutboundClient {
  /** @throws GovernanceError `INPUT_INVALID` for an address that is never called. */
  assertAllowed(url: string): void
  post(request: OutboundRequest): Promise<OutboundResult>
}

const TIMEOUT_MS = 5_000
const MOST_BYTES = 65_536

/**
 * Makes the client: https and public addresses only, each name resolved once and the connection bound to what was
 * checked, no redirects, no proxy, bounded in time and size.
 */
export function createOutboundClient(options: OutboundOptions = {}): OutboundClient {
  const { resolve = resolveAll, timeoutMs = TIMEOUT_MS } = options
  const allow = new Set(options.allow)

  async function send(request: OutboundRequest, url: URL, signal: AbortSignal): Promise<OutboundResult> {
    const host = hostOf(url)
    const family = isIP(host)
    const addresses = family === 0 ? await untilAborted(resolve(host), signal) : [{ address: host, family }]
    const isAllowed = allow.has(url.origin) || addresses.every(({ address }) => isPublicAddress(address))
    if (!isAllowed || addresses.length === 0) return { outcome: 'refused', reason: 'address_refused' }
    const { status, body } = await exchange(request, { url, addresses, signal })
    return { outcome: 'answered', status, body }
  }

  return {
    assertAllowed(text) {
      const read = readOutboundUrl(text, allow)
      if ('url' in read) return
      throw new GovernanceError('INPUT_INVALID', {
        message: `url: this is ${read.problem}.`,
        hint: 'Use https and a public name, or let the host name the origin in `outbound.allow`.',
      })
    },
    async post(request) {
      const read = readOutboundUrl(request.url, allow)
      if ('problem' in read) return { outcome: 'refused', reason: 'address_refused' }
      const ending = new AbortController()
      const end = (): void => ending.abort(new Error('aborted'))
      const timer = setTimeout(() => ending.abort(new Error('timeout')), timeoutMs)
      request.signal?.addEventListener('abort', end, { once: true })
      if (request.signal?.aborted === true) end()
      try {
        return await send(request, read.url, ending.signal)
      } catch (error) {
        return { outcome: 'failed', reason: ending.signal.aborted ? ending.signal.reason.message : wordOf(error) }
      } finally {
        clearTimeout(timer)
        request.signal?.removeEventListener('abort', end)
      }
    },
  }
}

function resolveAll(host: string): Promise<readonly LookupAddress[]> {
  return systemLookup(host, { all: true, verbatim: true })
}

interface Exchange {
  readonly url: URL
  readonly addresses: readonly LookupAddress[]
  readonly signal: AbortSignal
}

function exchange(
  { headers, body }: OutboundRequest,
  { url, addresses, signal }: Exchange,
): Promise<{ readonly status: number; readonly body: string }> {
  const bytes = Buffer.from(body)
  const options: RequestOptions = {
    method: 'POST',
    hostname: hostOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, 'content-length': bytes.length },
    // A connection of its own: one that is kept could belong to a name that leads elsewhere by now.
    agent: false,
    lookup: pinned(addresses),
    signal,
  }
  const open = url.protocol === 'https:' ? requestSecure : requestPlain
  return new Promise((resolve, reject) => {
    const sent = open(options, (answer) => readStart(answer).then(resolve, reject))
    sent.on('error', reject)
    sent.end(bytes)
  })
}

/** Reads an answer up to what is of interest at most; the rest is not waited for. */
async function readStart(answer: IncomingMessage): Promise<{ readonly status: number; readonly body: string }> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    size += bytes.length
    // Leaving the loop ends the connection.
    if (size >= MOST_BYTES) break
  }
  return { status: answer.statusCode ?? 0, body: Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8') }
}

/** A look-up that gives what was checked, so that a name cannot lead elsewhere at the connection. */
function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_, options, callback) => {
    const [first] = addresses
    if (first === undefined) callback(new Error('ENOTFOUND'), [])
    else if (options.all === true) callback(null, [...addresses])
    else callback(null, first.address, first.family)
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    promise.then(resolve, reject)
  })
}

function wordOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'connection_failed'
}
