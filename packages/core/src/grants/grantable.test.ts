import type { Maturity, Risk } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { createPolicy } from '../policy/policy.ts'
import { agentAtEpoch, refund } from '../proposals/bound-proposal.test.helper.ts'
import type { AgentFacts } from '../routing/facts.ts'
import { assertGrantable } from './assert-grantable.ts'
import { assertNothingHidden } from './assert-nothing-hidden.ts'

interface Case {
  readonly maturity?: Maturity
  readonly risk?: Risk
  readonly ceiling?: Maturity
  readonly agent?: Partial<AgentFacts>
  readonly policy?: Parameters<typeof createPolicy>[1]
}

const risky = ({ maturity = 'intern', risk = 'medium', ceiling = 'autonomous', agent, policy = {} }: Case): unknown =>
  assertGrantable({
    agent: { ...agentAtEpoch('bot', 1), maturity, ...agent },
    action: { ...refund, risk, ceiling },
    policy: createPolicy(1, policy),
  })
const refused = (why: string): unknown =>
  expect.objectContaining({ code: 'GRANT_REFUSED', message: expect.stringContaining(why) })
const rule = (given: object): NonNullable<Case['policy']> => ({ actions: { 'refund.create': given } })
const earned = (at: Maturity): AgentFacts['earned'] => new Map([['refund', { maturity: at, confidence: 0 }]])

describe('what a grant may stand for [GRANT-1]', () => {
  it.each<[what: string, given: Case, risk: Risk]>([
    ['one approval', {}, 'medium'],
    ['one approval of high risk', { risk: 'high' }, 'high'],
    ['one approval that the policy makes high', { policy: rule({ risk: 'high' }) }, 'high'],
    ['an action with a ceiling', { maturity: 'autonomous', ceiling: 'intern' }, 'medium'],
    [
      'what it has earned there',
      { maturity: 'autonomous', agent: { earned: earned('intern') }, policy: { promotion: { trust: 'capability' } } },
      'medium',
    ],
    ['what is proposed under one of two matrices', { policy: { matrix: { runs: 'graduated' } } }, 'medium'],
  ])('is %s', (_what, given, risk) => {
    expect(risky(given)).toEqual({ risk })
  })

  it.each<[what: string, given: Case, why: string]>([
    ['an agent that is paused', { agent: { lifecycle: 'paused' } }, '"bot" is paused'],
    ['an agent that is retired', { agent: { lifecycle: 'retired' } }, '"bot" is retired'],
    ['another build than was attested', { agent: { fingerprintCapped: true } }, 'another build'],
    ['what has to wait', { policy: rule({ waitMs: 1 }) }, 'has to wait'],
    ['what is critical', { risk: 'critical' }, 'one by one'],
    ['what needs two people', { policy: rule({ requiredApprovals: 2 }) }, 'more than one approval'],
    [
      'an agent that is to be trained',
      { maturity: 'student' },
      'counts as student here, and "refund.create" goes to training',
    ],
    ['an agent that runs it anyway', { maturity: 'autonomous' }, 'counts as autonomous here'],
    ['an agent that is watched', { maturity: 'supervised', risk: 'high' }, 'counts as supervised here'],
  ])('is not %s', (_what, given, why) => {
    expect(() => risky(given)).toThrow(refused(why) as Error)
  })
})

describe('what a grant may name [GRANT-2, I-33]', () => {
  const hiding = (...sensitivePaths: string[][]) => ({ name: 'refund.create', sensitivePaths })
  const matcher = { args: { iban: { equals: 'DE00' }, cents: { any: true as const } } }

  it('is any value of what is hidden, and each value of what is not', () => {
    assertNothingHidden(matcher, hiding())
    assertNothingHidden(matcher, hiding(['cents'], ['note'], ['cents', 'iban']))
    assertNothingHidden({ args: {} }, hiding(['*']))
  })

  it.each([[['iban']], [['iban', 'country']], [['*']], [[]]])('is no value of %j', (path) => {
    const naming = (): void => assertNothingHidden(matcher, hiding(['cents'], path))
    expect(naming).toThrow(refused('"iban"') as Error)
    expect(naming).toThrow(
      expect.objectContaining({
        hint: 'Let any value of it through, or leave the attempts to be approved one by one.',
      }),
    )
  })
})
