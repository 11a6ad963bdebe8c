import type { Maturity, Risk } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { createPolicy } from '../policy/policy.ts'
import { agentAtEpoch, EXPIRES_AT, refund } from '../proposals/bound-proposal.test.helper.ts'
import type { ActionResolution, Attempt } from './attempt.ts'
import { type BypassQuestion, bypassFor } from './bypass-rule.ts'
import type { AgentFacts, OpenBypass } from './facts.ts'

const RESOLVED: ActionResolution = { status: 'resolved', action: refund, args: {}, argsHash: '' }

const agent = (id: string, maturity: Maturity, atRefunds?: Maturity): AgentFacts => ({
  ...agentAtEpoch(id, 1),
  maturity,
  earned: new Map(atRefunds && [['refund', { maturity: atRefunds, confidence: 0 }]]),
})
const ofEverything = { agent: null, capability: null, action: null, expiresAt: EXPIRES_AT, lapsedFor: [], ownOf: [] }

interface Case {
  readonly bypass?: Partial<OpenBypass>
  readonly chain?: readonly AgentFacts[]
  readonly rule?: { readonly risk?: Risk; readonly requiredApprovals?: number }
  readonly policy?: Parameters<typeof createPolicy>[1]
  readonly mostAllowed?: Maturity
  readonly resolution?: ActionResolution
}

function question({ bypass, chain = [agent('ann', 'student')], rule, policy = {}, ...given }: Case): BypassQuestion {
  return {
    attempt: { resolution: given.resolution ?? RESOLVED } as Attempt,
    facts: {
      agents: new Map(),
      stops: [],
      policy: createPolicy(1, policy),
      bypasses: [{ id: 'byp_1', ...ofEverything, ...bypass }],
    },
    rule: { risk: rule?.risk ?? 'medium', requiredApprovals: rule?.requiredApprovals ?? 1 } as BypassQuestion['rule'],
    matrix: 'graduated',
    chain,
    mostAllowed: given.mostAllowed ?? 'autonomous',
  }
}

const lets = (given: Case): boolean => bypassFor(question(given)) !== undefined

describe('the rule of a bypass [POL-7]', () => {
  it.each<[what: string, given: Case, expected: boolean]>([
    ['everything', {}, true],
    ['its agent', { bypass: { agent: 'ann' } }, true],
    ['no other agent', { bypass: { agent: 'ben' } }, false],
    ['its action', { bypass: { action: 'refund.create' } }, true],
    ['no other action', { bypass: { action: 'refund.list' } }, false],
    ['its capability', { bypass: { capability: 'refund' } }, true],
    ['no other capability', { bypass: { capability: 'note' } }, false],
    ['nothing of an action that is not known', { resolution: { status: 'unresolved' } as ActionResolution }, false],
    ['nothing that is critical', { rule: { risk: 'critical' } }, false],
    ['what is of high risk', { rule: { risk: 'high' } }, true],
    ['nothing that takes two people', { rule: { requiredApprovals: 2 } }, false],
    ['nothing that has to wait', { policy: { actions: { 'refund.create': { waitMs: 1 } } } }, false],
    ['nothing above the ceiling', { mostAllowed: 'intern' }, false],
    ['nothing of an agent for which it has lapsed', { bypass: { lapsedFor: ['ann'] } }, false],
    ['what has lapsed for another agent', { bypass: { lapsedFor: ['ben'] } }, true],
    ['nothing of an agent of whoever set it', { bypass: { ownOf: ['ann'] } }, false],
    [
      'also of such, without separation of duties',
      { bypass: { ownOf: ['ann'] }, policy: { separationOfDuties: false } },
      true,
    ],
    [
      'no agent that delegated and has not earned it',
      { bypass: { agent: 'ann' }, chain: [agent('ann', 'student'), agent('ben', 'student')] },
      false,
    ],
    [
      'an agent to which one delegated that has',
      { bypass: { agent: 'ann' }, chain: [agent('ann', 'student'), agent('ben', 'autonomous')] },
      true,
    ],
    [
      'one that delegated and has earned it there',
      {
        bypass: { agent: 'ann' },
        chain: [agent('ann', 'student'), agent('ben', 'student', 'autonomous')],
        policy: { promotion: { trust: 'capability' } },
      },
      true,
    ],
  ])('covers %s', (_what, given, expected) => {
    expect(lets(given)).toBe(expected)
  })

  it('is about nothing where none is set, or was read', () => {
    const asked = question({})
    expect(bypassFor({ ...asked, facts: { ...asked.facts, bypasses: [] } })).toBeUndefined()
    const { bypasses: _, ...unread } = asked.facts
    expect(bypassFor({ ...asked, facts: unread })).toBeUndefined()
  })

  it('takes the first that lets it run', () => {
    const asked = question({})
    const of = (id: string, action: string | null): OpenBypass => ({ id, ...ofEverything, action })
    const bypasses = [of('byp_1', 'refund.list'), of('byp_2', null), of('byp_3', 'refund.create')]
    expect(bypassFor({ ...asked, facts: { ...asked.facts, bypasses } })?.id).toBe('byp_2')
  })
})
