import { GovernanceError } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { problemResponse, toProblem } from './problem.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

describe('problem', () => {
  it('says what the caller did wrong, in its words [HTTP-2]', () => {
    const error = new GovernanceError('CONFLICT', { message: 'Too late.', hint: 'Read it.', details: { version: 3 } })
    expect(toProblem(error, TRACE)).toEqual({
      type: 'urn:preceptor:problem:conflict',
      title: 'The resource is not in the state that this change needs.',
      status: 409,
      detail: 'Too late.',
      code: 'CONFLICT',
      hint: 'Read it.',
      docs: 'docs/errors.md#conflict',
      traceId: TRACE,
      retryable: false,
      details: { version: 3 },
    })
  })

  it('tells nothing of what failed inside [HTTP-2]', () => {
    const secret = 'postgres://preceptor:hunter2@10.0.0.1/db'
    const error = new GovernanceError('STORE_UNAVAILABLE', { message: secret, hint: secret, details: { secret } })
    const problem = toProblem(error, TRACE)
    expect(JSON.stringify(problem)).not.toContain('hunter2')
    expect(problem).toMatchObject({ code: 'STORE_UNAVAILABLE', status: 503, retryable: true, traceId: TRACE })
  })

  it.each([
    ['PRINCIPAL_REQUIRED', { 'www-authenticate': 'Bearer realm="preceptor"', 'retry-after': null }],
    [
      'CREDENTIAL_INVALID',
      { 'www-authenticate': 'Bearer realm="preceptor", error="invalid_token"', 'retry-after': null },
    ],
    ['RATE_LIMITED', { 'www-authenticate': null, 'retry-after': '1' }],
    ['GOVERNOR_CLOSED', { 'www-authenticate': null, 'retry-after': null }],
    ['APPROVAL_REQUIRED', { 'content-type': 'application/json' }],
    ['NOT_FOUND', { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }],
  ] as const)('%s has its headers [HTTP-2]', (code, headers) => {
    const response = problemResponse(toProblem(new GovernanceError(code), TRACE))
    for (const [name, value] of Object.entries(headers))
      expect([name, response.headers.get(name)]).toEqual([name, value])
  })
})
