import { isInfrastructureFailure } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultOfStatus, faultWithoutAnswer, isWorthRetrying } from './request-fault.ts'
import { StepFault } from './step-fault.ts'

const READ = { what: 'GET https://a.test/x', isRepeatable: true }
const SEND = { what: 'POST https://a.test/x', isRepeatable: false }
const clock = { now: () => 0, monotonic: () => 0 }

function ofStatus(status: number, headers: Record<string, string> = {}, said = '', asked = SEND): StepFault {
  return faultOfStatus({ outcome: 'answered', status, headers, body: '', isTruncated: false }, asked, { said, clock })
}

describe('a request that failed', () => {
  it('is worth another try exactly where the answer may be another one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), (status) => {
        const mayHelp = [408, 425, 429].includes(status) || status >= 500
        expect(isWorthRetrying(status)).toBe(mayHelp)
        expect(ofStatus(status, {}, '', READ)).toMatchObject({ isRetryable: mayHelp, status, isEffectUnknown: false })
        // What must not be done twice is not done twice by itself, unless nobody began with it.
        const isBegun = status >= 500 && status !== 503
        expect(ofStatus(status).isRetryable).toBe(isBegun ? null : mayHelp)
        expect(ofStatus(status).isEffectUnknown).toBe(status === 502 || status === 504)
      }),
    )
  })

  it.each([502, 503, 504])('speaks not of the agent where it was answered %i', (status) => {
    expect(ofStatus(status).isInfrastructure).toBe(true)
    expect(isInfrastructureFailure(ofStatus(status))).toBe(true)
  })

  it.each([400, 404, 409, 429, 500])('speaks of the agent where it was answered %i', (status) => {
    expect(ofStatus(status).isInfrastructure).toBe(false)
  })

  it('waits as long as it is asked to, an hour at most', () => {
    expect(ofStatus(429, { 'retry-after': '7' }).retryAfterMs).toBe(7_000)
    expect(ofStatus(429, { 'retry-after': '86400' }).retryAfterMs).toBe(3_600_000)
    expect(ofStatus(429).retryAfterMs).toBeNull()
  })

  it('says what was answered, in one line of bounded length', () => {
    const { message } = ofStatus(422, {}, `no\r\n such\u202e ${'x'.repeat(5_000)}`)
    expect(message).toMatch(/^POST https:\/\/a\.test\/x was answered 422: no such x+$/)
    expect(message.length).toBeLessThan(400)
    expect(ofStatus(404).message).toBe('POST https://a.test/x was answered 404.')
    expect(ofStatus(403, {}, '{"password":"hunter2"}').message).not.toContain('hunter2')
  })

  it('was refused for good where nothing may be sent', () => {
    for (const reason of ['address_refused', 'header_refused'] as const) {
      const fault = faultWithoutAnswer({ outcome: 'refused', reason }, READ)
      expect(fault).toMatchObject({ isRetryable: false, isInfrastructure: false, isEffectUnknown: false })
      expect(fault.message).toMatch(/^GET https:\/\/a\.test\/x: nothing was sent: /)
    }
  })

  it.each([
    ['did not arrive', SEND, false, { isRetryable: true, isEffectUnknown: false }],
    ['may have arrived, and does no harm twice', READ, true, { isRetryable: true, isEffectUnknown: false }],
    ['may have arrived', SEND, true, { isRetryable: false, isEffectUnknown: true }],
  ])('without an answer %s', (_, asked, mayHaveArrived, expected) => {
    for (const reason of ['timeout', 'ECONNRESET']) {
      const fault = faultWithoutAnswer({ outcome: 'failed', reason, mayHaveArrived }, asked)
      expect(fault).toMatchObject({ ...expected, isInfrastructure: true })
      expect(fault.message.includes('not known')).toBe(expected.isEffectUnknown)
    }
  })
})

describe('a fault of a step', () => {
  it('says nothing that it does not know, and is known across copies of the class', () => {
    const fault = new StepFault('It failed by token=abcdefgh.', { retryAfterMs: Number.NaN })
    expect(fault).toMatchObject({
      isRetryable: null,
      retryAfterMs: null,
      isEffectUnknown: false,
      status: null,
      code: null,
    })
    expect(fault.message).toBe('It failed by token=[redacted]')
    expect(StepFault.isInstance(fault)).toBe(true)
    expect(StepFault.isInstance({ marker: fault.marker })).toBe(true)
    for (const other of [new Error('x'), null, 'x', { marker: 'y' }]) expect(StepFault.isInstance(other)).toBe(false)
  })
})
