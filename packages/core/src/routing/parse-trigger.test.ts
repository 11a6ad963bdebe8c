import type { Trigger } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { parseTrigger } from './parse-trigger.ts'

const least: Trigger = { agent: 'bot', action: 'refund.create', args: { cents: 5 } }
const whole: Trigger = {
  ...least,
  resource: 'order 7',
  type: 'agent_message',
  context: { thread: 't1' },
  idempotencyKey: 'k1',
  delegation: ['lead'],
  fingerprint: { version: '1', model: 'm' },
  run: 'run 1',
  permit: 'prp_1',
  fixedArgs: true,
  digest: 'd1',
  argsProblems: ['args.cents: too many'],
}
const parse = (fields: object) => parseTrigger({ ...least, ...fields } as Trigger)
const refusal = (fields: object): { code?: unknown; message?: string } => {
  try {
    parse(fields)
    return {}
  } catch (error) {
    return { code: Reflect.get(Object(error), 'code'), message: Reflect.get(Object(error), 'message') }
  }
}
const long = (length: number): string => 'x'.repeat(length)

describe('reading a trigger [I-1, ROUTE-1]', () => {
  it('takes what it knows, and copies what could be changed afterwards', () => {
    expect(parseTrigger(least)).toEqual(least)
    expect(parseTrigger(whole)).toEqual(whole)
    const parsed = parseTrigger(whole)
    expect(parsed.args).not.toBe(whole.args)
    expect(parsed.context).not.toBe(whole.context)
  })

  it.each([null, undefined, 7, 'bot'])('refuses %j', (value) => {
    expect(() => parseTrigger(value as unknown as Trigger)).toThrow(/it must be an object/)
  })

  it.each<[field: string, longest: number]>([
    ['agent', 128],
    ['action', 128],
    ['resource', 500],
    ['type', 128],
    ['idempotencyKey', 200],
    ['run', 200],
    ['permit', 64],
    ['digest', 64],
  ])('holds %s to a text of 1 to %i characters', (field, longest) => {
    expect(parse({ [field]: long(longest) })).toMatchObject({ [field]: long(longest) })
    for (const wrong of [long(longest + 1), '', 7, null, ['bot']]) {
      const { code, message } = refusal({ [field]: wrong })
      expect(code).toBe('INPUT_INVALID')
      expect(message).toContain(`${field} must be a text of 1 to ${longest} characters`)
    }
  })

  it.each<[field: string, wrong: unknown, says: string]>([
    ['args', 7, 'args'],
    ['args', undefined, 'args'],
    ['context', 'text', 'context'],
    ['delegation', 'lead', 'delegation must be a list'],
    ['delegation', ['lead', 7], 'delegation must be a text'],
    ['delegation', Array.from({ length: 65 }, () => 'a'), 'delegation must be a list'],
    ['fixedArgs', 'yes', 'fixedArgs must be true or false'],
    ['argsProblems', [], 'argsProblems must be a list of 1 to 8'],
    ['argsProblems', 'wrong', 'argsProblems must be a list of 1 to 8'],
    ['argsProblems', Array.from({ length: 9 }, () => 'wrong'), 'argsProblems must be a list of 1 to 8'],
    ['argsProblems', [long(501)], 'argsProblems must be a text'],
    ['fingerprint', { colour: 'red' }, 'fingerprint.colour is unknown'],
    ['fingerprint', { model: 7 }, 'fingerprint.model must be a text'],
    ['fingerprint', { model: long(201) }, 'fingerprint.model must be a text'],
    ['source', 'manual', 'the field "source" is unknown'],
    ['maturity', 'autonomous', 'the field "maturity" is unknown'],
  ])('refuses %s: %j, and names it', (field, wrong, says) => {
    const { code, message } = refusal({ [field]: wrong })
    expect(code).toBe('INPUT_INVALID')
    expect(message).toContain(says)
  })

  it('takes lists as long as they may be, and parts of a build that are not stated as absent', () => {
    const delegation = Array.from({ length: 64 }, (_, index) => `agent ${index}`)
    expect(parse({ delegation })).toMatchObject({ delegation })
    const argsProblems = Array.from({ length: 8 }, () => long(500))
    expect(parse({ argsProblems })).toMatchObject({ argsProblems })
    expect(parse({ fixedArgs: false })).toMatchObject({ fixedArgs: false })
    expect(parse({ fingerprint: { model: 'm', version: undefined } }).fingerprint).toEqual({ model: 'm' })
    expect(parse({ fingerprint: { model: long(200) } }).fingerprint).toEqual({ model: long(200) })
  })
})
