import { ERROR_CODES, GovernanceError, rateLimitHeaders } from '@preceptor/client'

/** Answers with a problem (RFC 9457), as the API does; of what failed inside it says the code only. */
export function refuse(error: unknown): Response {
  const fault = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL', { cause: error })
  const { code, status, hint, docs, retryable } = fault
  const { summary } = ERROR_CODES[code]
  const body = {
    type: `urn:preceptor:problem:${code.toLowerCase()}`,
    title: summary,
    status,
    detail: status >= 500 ? summary : fault.message,
    code,
    hint,
    docs,
    traceId: crypto.randomUUID().replaceAll('-', ''),
    retryable,
  }
  const headers = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...rateLimitHeaders(fault),
  }
  return new Response(JSON.stringify(body), { status, headers })
}
