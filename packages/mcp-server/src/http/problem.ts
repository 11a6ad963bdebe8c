import { ERROR_CODES, type ErrorCode, GovernanceError, rateLimitHeaders } from '@preceptor/client'
import { visibleError } from '../error-result.ts'

const CHALLENGE = 'Bearer realm="preceptor"'

/** Answers a request that does not reach the protocol (RFC 9457); `metadata` is where a client learns how to get a token. */
export function problemResponse(error: unknown, metadata?: string): Response {
  const { code, message, next, retryable, docs } = visibleError(error)
  const { status, summary } = ERROR_CODES[code]
  const problem = {
    type: `urn:preceptor:problem:${code.toLowerCase()}`,
    title: summary,
    status,
    detail: message,
    code,
    hint: next,
    docs,
    retryable,
  }
  return new Response(JSON.stringify(problem), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(status === 401 ? { 'www-authenticate': challenge(code, metadata) } : {}),
      ...(retryable ? { 'retry-after': '1' } : {}),
      ...(GovernanceError.isInstance(error) ? rateLimitHeaders(error) : {}),
      ...(status === 405 ? { allow: METHODS.join(', ') } : {}),
    },
  })
}

function challenge(code: ErrorCode, metadata: string | undefined): string {
  const parts = [CHALLENGE]
  if (code !== 'PRINCIPAL_REQUIRED') parts.push('error="invalid_token"')
  if (metadata !== undefined) parts.push(`resource_metadata="${metadata}"`)
  return parts.join(', ')
}

/** What the protocol has. */
export const METHODS: readonly string[] = ['GET', 'POST', 'DELETE']
