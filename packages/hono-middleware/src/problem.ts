import { type Decision, ERROR_CODES, type ErrorCode, GovernanceError, rateLimitHeaders } from '@preceptor/client'
import type { Context } from 'hono'
import { traceIdOf } from './requests/trace-id.ts'

/** Body of an error answer (RFC 9457), and of the 202 that says what an action waits for. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly hint: string
  readonly docs: string
  readonly traceId: string
  readonly retryable: boolean
  readonly details?: Readonly<Record<string, unknown>>
  readonly decision?: Partial<Decision>
}

const CHALLENGE = 'Bearer realm="preceptor"'
/** An error as the outside may see it: what failed inside is named by its code only. */
export function toProblem(error: GovernanceError, traceId: string): Problem {
  const { code, status, hint, docs, retryable, details } = error
  const isInside = status >= 500
  return {
    type: `urn:preceptor:problem:${code.toLowerCase()}`,
    title: ERROR_CODES[code].summary,
    status,
    detail: isInside ? ERROR_CODES[code].summary : error.message,
    code,
    hint: isInside ? ERROR_CODES[code].advice : hint,
    docs,
    traceId,
    retryable,
    ...(isInside || Object.keys(details).length === 0 ? {} : { details }),
  }
}

/** Answers with a problem. */
export function problemResponse(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  const { status, code, retryable, details = {} } = problem
  return new Response(JSON.stringify(problem), {
    status,
    headers: {
      'content-type': status < 400 ? 'application/json' : 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 401
        ? { 'www-authenticate': code === 'PRINCIPAL_REQUIRED' ? CHALLENGE : `${CHALLENGE}, error="invalid_token"` }
        : {}),
      ...(retryable ? { 'retry-after': '1' } : {}),
      ...rateLimitHeaders({ code, details }),
      ...headers,
    },
  })
}

/** Answers with the problem that an error is; what is none of ours is `INTERNAL`. */
export function errorResponse(c: Context, error: unknown): Response {
  const fault = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL', { cause: error })
  return problemResponse(toProblem(fault, traceIdOf(c)))
}
