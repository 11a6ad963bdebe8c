import { ERROR_CODES, GovernanceError, rateLimitHeaders } from '@preceptor/client'
import { visibleError } from './error-result.ts'

const CHALLENGE = 'Bearer realm="preceptor"'

/** Answers a request that does not reach the protocol (RFC 9457). */
export function problemResponse(error: unknown): Response {
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
      ...(status === 401
        ? { 'www-authenticate': code === 'PRINCIPAL_REQUIRED' ? CHALLENGE : `${CHALLENGE}, error="invalid_token"` }
        : {}),
      ...(retryable ? { 'retry-after': '1' } : {}),
      ...(GovernanceError.isInstance(error) ? rateLimitHeaders(error) : {}),
      ...(status === 405 ? { allow: METHODS.join(', ') } : {}),
    },
  })
}

/** What the protocol has. */
export const METHODS: readonly string[] = ['GET', 'POST', 'DELETE']
