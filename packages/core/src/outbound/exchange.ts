import type { LookupAddress } from 'node:dns'
import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { OutboundAnswer, OutboundRequest } from './outbound-request.ts'
import { hostOf } from './outbound-url.ts'

/** Where a request goes, and what is read of its answer. */
export interface Exchange {
  readonly url: URL
  /** What the name of the address was found to lead to: the connection goes there and nowhere else. */
  readonly addresses: readonly LookupAddress[]
  readonly signal: AbortSignal
  readonly mostBytes: number
  /** Told once there is a connection: from then on the request may have arrived. */
  readonly onConnected: () => void
}

/** Sends a request on a connection of its own, and reads the start of its answer. */
export function exchange(
  { method, headers, body }: OutboundRequest,
  { url, addresses, signal, mostBytes, onConnected }: Exchange,
): Promise<OutboundAnswer> {
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const options: RequestOptions = {
    method,
    hostname: hostOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, ...(bytes !== undefined && { 'content-length': bytes.length }) },
    // A connection of its own: one that is kept could belong to a name that leads elsewhere by now.
    agent: false,
    lookup: pinned(addresses),
    signal,
  }
  const isSecure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const sent = (isSecure ? requestSecure : requestPlain)(options, (answer) =>
      readStart(answer, mostBytes).then(resolve, reject),
    )
    sent.on('socket', (socket) => socket.once(isSecure ? 'secureConnect' : 'connect', onConnected))
    sent.on('error', reject)
    sent.end(bytes)
  })
}

/** Reads an answer up to what is of interest at most; the rest is not waited for. */
async function readStart(answer: IncomingMessage, mostBytes: number): Promise<OutboundAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    size += bytes.length
    // Leaving the loop ends the connection.
    if (size > mostBytes) break
  }
  return {
    outcome: 'answered',
    status: answer.statusCode ?? 0,
    headers: singleTexts(answer.headers),
    body: Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8'),
    isTruncated: size > mostBytes,
  }
}

function singleTexts(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
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
