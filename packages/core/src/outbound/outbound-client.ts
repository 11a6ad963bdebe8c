import type { LookupAddress } from 'node:dns'
import { lookup as systemLookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { GovernanceError } from '@preceptor/client'
import { exchange } from './exchange.ts'
import { areSendable } from './outbound-headers.ts'
import type { OutboundPost, OutboundPostResult, OutboundRequest, OutboundResult } from './outbound-request.ts'
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

/** The only way out to addresses that somebody typed in. */
export interface OutboundClient {
  /** @throws GovernanceError `INPUT_INVALID` for an address that is never called. */
  assertAllowed(url: string): void
  request(request: OutboundRequest): Promise<OutboundResult>
  /** A request whose answer is of little interest: the first 64 kB of it, and no headers. */
  post(request: OutboundPost): Promise<OutboundPostResult>
}

const TIMEOUT_MS = 5_000
const LONGEST_TIMEOUT_MS = 86_400_000
const READ_BYTES = 65_536
const MOST_BYTES = 16_777_216

/**
 * Makes the client: https and public addresses only, each name resolved once and the connection bound to what was
 * checked, no redirects, no proxy, bounded in time and size.
 */
export function createOutboundClient(options: OutboundOptions = {}): OutboundClient {
  const { resolve = resolveAll, timeoutMs = TIMEOUT_MS } = options
  const allow = new Set(options.allow)

  async function send(request: OutboundRequest, url: URL, ending: Ending): Promise<OutboundResult> {
    const host = hostOf(url)
    const family = isIP(host)
    const { signal, onConnected } = ending
    const addresses = family === 0 ? await untilAborted(resolve(host), signal) : [{ address: host, family }]
    const isAllowed = allow.has(url.origin) || addresses.every(({ address }) => isPublicAddress(address))
    if (!isAllowed || addresses.length === 0) return { outcome: 'refused', reason: 'address_refused' }
    const mostBytes = Math.min(request.mostBytes ?? READ_BYTES, MOST_BYTES)
    return exchange(request, { url, addresses, signal, mostBytes, onConnected })
  }

  async function request(asked: OutboundRequest): Promise<OutboundResult> {
    const read = readOutboundUrl(asked.url, allow)
    if ('problem' in read) return { outcome: 'refused', reason: 'address_refused' }
    if (!areSendable(asked.headers)) return { outcome: 'refused', reason: 'header_refused' }
    const ending = new AbortController()
    const end = (): void => ending.abort(new Error('aborted'))
    const within = Math.min(asked.timeoutMs ?? timeoutMs, LONGEST_TIMEOUT_MS)
    const timer = setTimeout(() => ending.abort(new Error('timeout')), within)
    asked.signal?.addEventListener('abort', end, { once: true })
    if (asked.signal?.aborted === true) end()
    let mayHaveArrived = false
    const onConnected = (): void => {
      mayHaveArrived = true
    }
    try {
      return await send(asked, read.url, { signal: ending.signal, onConnected })
    } catch (error) {
      const reason = ending.signal.aborted ? ending.signal.reason.message : wordOf(error)
      return { outcome: 'failed', reason, mayHaveArrived }
    } finally {
      clearTimeout(timer)
      asked.signal?.removeEventListener('abort', end)
    }
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
    request,
    async post(post) {
      const result = await request({ ...post, method: 'POST', timeoutMs, mostBytes: READ_BYTES })
      const { outcome } = result
      if (outcome === 'answered') return { outcome, status: result.status, body: result.body }
      return outcome === 'failed' ? { outcome, reason: result.reason } : result
    },
  }
}

interface Ending {
  readonly signal: AbortSignal
  readonly onConnected: () => void
}

function resolveAll(host: string): Promise<readonly LookupAddress[]> {
  return systemLookup(host, { all: true, verbatim: true })
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
