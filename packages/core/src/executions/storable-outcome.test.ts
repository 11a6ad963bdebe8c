import { GovernanceError } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { isSelfReported, outcomeOfError, outcomeOfValue, storableOutcome } from './storable-outcome.ts'

const actor = (kind: 'user' | 'agent' | 'service'): Actor => ({
  workspace: 'default',
  principal: { kind, id: 'x', roles: [] },
  source: 'manual',
})
const going = new AbortController().signal
const unkept = { status: 'succeeded', value: null, stored: false }

describe('the outcome of a run that gave a value', () => {
  it.each<[value: unknown, kept: unknown]>([
    [7, 7],
    [null, null],
    [undefined, null],
    [{ a: [1, 'two'], b: undefined }, { a: [1, 'two'] }],
    ['', ''],
  ])('keeps %j [GUARD-1]', (value, kept) => {
    expect(outcomeOfValue(value, undefined)).toEqual({ status: 'succeeded', value: kept, stored: true })
  })

  it('is a success also where its value cannot be kept [GUARD-1]', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    const largest = 'x'.repeat(65_536 - 2)
    expect(outcomeOfValue(circle, undefined)).toEqual(unkept)
    expect(outcomeOfValue(10n, undefined)).toEqual(unkept)
    expect(outcomeOfValue(() => 1, undefined)).toMatchObject({ status: 'succeeded' })
    expect(outcomeOfValue(largest, undefined)).toMatchObject({ stored: true })
    expect(outcomeOfValue(`${largest}x`, undefined)).toEqual(unkept)
  })

  it('is what the encoder makes of it, in one form [GUARD-1]', () => {
    const encode = (value: unknown) => ({ b: String(value), a: 1 })
    expect(outcomeOfValue(9n, encode)).toEqual({ status: 'succeeded', value: { a: 1, b: '9' }, stored: true })
    const broken = (): never => {
      throw new Error('no')
    }
    expect(outcomeOfValue(9n, broken)).toEqual(unkept)
  })
})

describe('the outcome of a run that threw', () => {
  it('keeps what was said, cut to 2,000 characters', () => {
    expect(outcomeOfError(new Error('card declined'), { signal: going, hidden: [] })).toEqual({
      status: 'failed',
      message: 'card declined',
    })
    expect(outcomeOfError('plain', { signal: going, hidden: [] })).toEqual({ status: 'failed', message: 'plain' })
    expect(outcomeOfError(new Error('x'.repeat(3_000)), { signal: going, hidden: [] })).toEqual({
      status: 'failed',
      message: 'x'.repeat(2_000),
    })
  })

  it('hides what its schema hides [I-33]', () => {
    const error = new Error('no such account: DE00 1234')
    expect(outcomeOfError(error, { signal: going, hidden: ['DE00 1234'] })).toEqual({
      status: 'failed',
      message: 'no such account: [redacted]',
    })
  })

  it('says where it was a failure of the infrastructure, which speaks against nobody [MAT-10]', () => {
    const timeout = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
    expect(outcomeOfError(timeout, { signal: going, hidden: [] })).toEqual({
      status: 'failed',
      message: 'gone',
      infrastructure: true,
    })
    expect(outcomeOfError(new GovernanceError('INPUT_INVALID'), { signal: going, hidden: [] })).not.toHaveProperty(
      'infrastructure',
    )
  })
})

describe('a reported outcome', () => {
  it('is the word of the agent alone where its credential reports it [I-12]', () => {
    expect(isSelfReported(actor('agent'))).toBe(true)
    expect(isSelfReported(actor('service'))).toBe(false)
    expect(isSelfReported(actor('user'))).toBe(false)
  })

  it('lets no agent blame the infrastructure, and others only where they say so [I-12]', () => {
    const failed = { status: 'failed', message: 'no', infrastructure: true } as const
    expect(storableOutcome(failed, actor('agent'))).toEqual({ status: 'failed', message: 'no' })
    expect(storableOutcome(failed, actor('service'))).toEqual(failed)
    const plain = { status: 'failed', message: 'no' } as const
    expect(storableOutcome(plain, actor('service'))).toEqual(plain)
  })

  it('is kept as the value of a run is', () => {
    const value = { status: 'succeeded', value: { cents: 5 }, stored: true } as const
    expect(storableOutcome(value, actor('agent'))).toEqual(value)
    const large = { status: 'succeeded', value: 'x'.repeat(70_000), stored: true } as const
    expect(storableOutcome(large, actor('user'))).toEqual(unkept)
    expect(storableOutcome({ status: 'succeeded', value: 1, stored: false }, actor('user'))).toEqual(unkept)
  })
})
