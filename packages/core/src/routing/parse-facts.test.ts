import { describe, expect, it } from 'vitest'
import { type AgentFactsRow, parseAgentFacts } from './parse-facts.ts'

const row: AgentFactsRow = {
  id: 'bot',
  owner_id: 'olga',
  category: 'Finance',
  capabilities: ['refund'],
  lifecycle: 'active',
  epoch: '3',
  maturity: 'intern',
  confidence: 5_400,
  earned: null,
  fingerprint: { model: 'm' },
  fingerprint_capped: false,
}
const parse = (fact: Partial<AgentFactsRow>) => parseAgentFacts({ ...row, ...fact })

describe('the stored facts of an agent [I-1]', () => {
  it('are believed where each of them is possible', () => {
    expect(parseAgentFacts(row)).toEqual({
      id: 'bot',
      ownerId: 'olga',
      category: 'Finance',
      capabilities: ['refund'],
      lifecycle: 'active',
      epoch: 3,
      maturity: 'intern',
      confidence: 5_400,
      earned: new Map(),
      fingerprint: { model: 'm' },
      fingerprintCapped: false,
    })
  })

  it.each<[fact: keyof AgentFactsRow, possible: unknown]>([
    ['category', null],
    ['capabilities', []],
    ['lifecycle', 'paused'],
    ['lifecycle', 'stopped'],
    ['lifecycle', 'retired'],
    ['epoch', 1],
    ['epoch', '9007199254740991'],
    ['maturity', 'student'],
    ['maturity', 'autonomous'],
    ['confidence', 0],
    ['confidence', 10_000],
    ['fingerprint', {}],
    ['fingerprint_capped', true],
  ])('may be %s: %j', (fact, possible) => {
    expect(() => parse({ [fact]: possible })).not.toThrow()
  })

  it.each<[fact: keyof AgentFactsRow, impossible: unknown, named: string]>([
    ['id', 7, 'The stored id of an agent'],
    ['owner_id', null, 'owner of "bot"'],
    ['category', 7, 'category'],
    ['capabilities', null, 'capabilities'],
    ['capabilities', ['refund', 7], 'capabilities'],
    ['lifecycle', 'asleep', 'lifecycle'],
    ['lifecycle', null, 'lifecycle'],
    ['epoch', 0, 'epoch'],
    ['epoch', 1.5, 'epoch'],
    ['epoch', 'many', 'epoch'],
    ['epoch', '9007199254740993', 'epoch'],
    ['maturity', 'expert', 'maturity'],
    ['maturity', 'constructor', 'maturity'],
    ['confidence', -1, 'confidence'],
    ['confidence', 10_001, 'confidence'],
    ['confidence', 0.5, 'confidence'],
    ['confidence', '5400', 'confidence'],
    ['confidence', Number.NaN, 'confidence'],
    ['earned', {}, 'maturity at a capability'],
    ['fingerprint', null, 'fingerprint'],
    ['fingerprint', 'm', 'fingerprint'],
    ['fingerprint', [], 'fingerprint'],
    ['fingerprint', { colour: 'red' }, 'fingerprint'],
    ['fingerprint', { model: 7 }, 'fingerprint'],
    ['fingerprint_capped', 'false', 'fingerprint cap'],
    ['fingerprint_capped', null, 'fingerprint cap'],
  ])('deny where %s is %j, and name it', (fact, impossible, named) => {
    try {
      parse({ [fact]: impossible })
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'FACT_INVALID' })
      expect(Reflect.get(Object(error), 'message')).toContain(named)
    }
  })

  it('hold what was earned at each capability', () => {
    const earned = [
      { capability: 'refund', maturity: 'supervised', confidence: 7_000 },
      { capability: 'mail', maturity: 'student', confidence: 0 },
    ]
    expect(parse({ earned }).earned).toEqual(
      new Map([
        ['refund', { maturity: 'supervised', confidence: 7_000 }],
        ['mail', { maturity: 'student', confidence: 0 }],
      ]),
    )
    for (const wrong of [null, 7, {}, { ...earned[0], capability: 7 }, { ...earned[0], maturity: 'expert' }]) {
      expect(() => parse({ earned: [earned[1], wrong] })).toThrow(/maturity at a capability/)
    }
    expect(() => parse({ earned: [{ ...earned[0], confidence: 10_001 }] })).toThrow(/maturity at a capability/)
  })
})
