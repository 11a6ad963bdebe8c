import { GovernanceError } from '../errors/governance-error.ts'

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  // undici, by name: it also has codes for what the caller did wrong, and for any answer that was not wanted.
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
])
const HTTP_STATUSES: ReadonlySet<unknown> = new Set([502, 503, 504])
// Errors that are the cause of each other must not keep one looking.
const DEEPEST = 5

/**
 * Whether what a run threw says that something around it failed, which is evidence neither for the agent nor against it:
 * a network error, an answer of 502, 503 or 504, or the end of a run that the gate itself aborted by `signal`.
 *
 * @example
 * ```ts
 * import { isInfrastructureFailure } from '@preceptor/client'
 *
 * isInfrastructureFailure(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })) // true
 * isInfrastructureFailure(new Error('No such order.')) // false
 * ```
 */
export function isInfrastructureFailure(error: unknown, signal?: Pick<AbortSignal, 'aborted' | 'reason'>): boolean {
  try {
    return isAborted(error, signal) || isUnreachable(error, DEEPEST)
  } catch {
    // A property that throws: what it would have said is not known.
    return false
  }
}

/** The gate aborts with an error of its own; the reason of the host is another one. */
function isAborted(error: unknown, signal: Pick<AbortSignal, 'aborted' | 'reason'> | undefined): boolean {
  if (signal?.aborted !== true || !GovernanceError.isInstance(signal.reason)) return false
  return error === signal.reason || read(error, 'name') === 'AbortError' || read(error, 'cause') === signal.reason
}

function isUnreachable(error: unknown, depth: number): boolean {
  if (typeof error !== 'object' || error === null || depth === 0) return false
  const code = read(error, 'code')
  if (typeof code === 'string' && NETWORK_CODES.has(code)) return true
  const statuses = [read(error, 'status'), read(error, 'statusCode'), read(read(error, 'response'), 'status')]
  if (statuses.some((status) => HTTP_STATUSES.has(status))) return true
  return isUnreachable(read(error, 'cause'), depth - 1)
}

function read(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
