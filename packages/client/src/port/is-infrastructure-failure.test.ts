import { describe, expect, it } from 'vitest'
import { GovernanceError } from '../errors/governance-error.ts'
import { isInfrastructureFailure } from './is-infrastructure-failure.ts'

const coded = (code: unknown) => Object.assign(new Error('failed'), { code })
const abortError = new DOMException('This operation was aborted', 'AbortError')

function abortedBy(reason: unknown): AbortSignal {
  const controller = new AbortController()
  controller.abort(reason)
  return controller.signal
}

describe('a failure of infrastructure', () => {
  it.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'UND_ERR_CONNECT_TIMEOUT'].map(
      coded,
    ),
    new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }),
    { status: 502 },
    { statusCode: 503 },
    coded('UND_ERR_SOCKET'),
    Object.assign(coded('UND_ERR_RESPONSE'), { statusCode: 503 }),
    { response: { status: 504 } },
    new GovernanceError('STORE_UNAVAILABLE'),
  ])('is %o [EVID-4]', (error) => {
    expect(isInfrastructureFailure(error)).toBe(true)
  })

  it.each([
    new Error('ECONNREFUSED'),
    coded('ENOENT'),
    coded(502),
    // undici: the answer was refused as what it is, or the request was never one.
    Object.assign(coded('UND_ERR_RESPONSE'), { statusCode: 422 }),
    coded('UND_ERR_INVALID_ARG'),
    coded('UND_ERR_ABORTED'),
    { status: 500 },
    { status: '503' },
    { response: null },
    abortError,
    'ECONNRESET',
    null,
    undefined,
    new GovernanceError('PERMISSION_DENIED'),
  ])('is not %s [EVID-4]', (error) => {
    expect(isInfrastructureFailure(error)).toBe(false)
  })

  it('is not what nobody can look at [EVID-4]', () => {
    const hidden = Object.defineProperty(new Error('hidden'), 'code', {
      get() {
        throw new Error('No.')
      },
    })
    expect(isInfrastructureFailure(hidden)).toBe(false)
  })

  it('ends with a circle of causes', () => {
    const [one, two] = [new Error('one'), new Error('two')]
    one.cause = two
    two.cause = one
    expect(isInfrastructureFailure(one)).toBe(false)
  })

  it('is the end of a run that the gate aborted, and not of one that the host did [EVID-4]', () => {
    const reason = new GovernanceError('GOVERNOR_CLOSED')
    const ours = abortedBy(reason)
    expect(isInfrastructureFailure(abortError, ours)).toBe(true)
    expect(isInfrastructureFailure(reason, ours)).toBe(true)
    expect(isInfrastructureFailure(new Error('gave up', { cause: reason }), ours)).toBe(true)
    expect(isInfrastructureFailure(new Error('No such order.'), ours)).toBe(false)
    expect(isInfrastructureFailure(abortError, abortedBy(new Error('The host has enough.')))).toBe(false)
    expect(isInfrastructureFailure(abortError, new AbortController().signal)).toBe(false)
  })
})
