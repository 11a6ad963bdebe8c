import type { GovernanceError } from '../errors/governance-error.ts'
import type { Identity } from './principal.ts'

/** What is counted by itself; `credentials` are those that failed, by the address of their sender. */
export type RateLimitGroup = 'principal' | 'agent' | 'workspace' | 'credentials'

/** Where a request came from, as the server saw it; the gate knows how much of it to believe. */
export interface CallerAddress {
  /** The other end of the connection. */
  readonly peer?: string | undefined
  /** The header `X-Forwarded-For`. */
  readonly forwardedFor?: string | undefined
}

/** A request from outside that is about to be answered, or an attempt in it. */
export interface AdmissionRequest {
  /** Who sent it. */
  readonly identity: Pick<Identity, 'workspace' | 'principal'>
  /** Given for an attempt: the agent for which it is made. The request is counted by itself. */
  readonly agent?: string | undefined
}

/**
 * The headers of an answer to somebody who is over a limit: `Retry-After` in seconds, and `RateLimit` with
 * `RateLimit-Policy`; none for an error that is no such answer.
 */
export function rateLimitHeaders({ code, details }: Pick<GovernanceError, 'code' | 'details'>): Record<string, string> {
  const { group, limit, windowSeconds, retryAfterSeconds } = details
  if (code !== 'RATE_LIMITED' || retryAfterSeconds === undefined) return {}
  return {
    'retry-after': String(retryAfterSeconds),
    ratelimit: `"${String(group)}";r=0;t=${String(retryAfterSeconds)}`,
    'ratelimit-policy': `"${String(group)}";q=${String(limit)};w=${String(windowSeconds)}`,
  }
}
