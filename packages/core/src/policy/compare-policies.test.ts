import { MATURITIES, RISKS } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agentAtEpoch, refund } from '../proposals/bound-proposal.test.helper.ts'
import type { Attempt } from '../routing/attempt.ts'
import { type Ruling, ruleOn } from '../routing/ruling.ts'
import { anyPolicy } from './any-policy.test.helper.ts'
import { comparePolicies } from './compare-policies.ts'
import { parsePolicy } from './parse-policy.ts'
import { createPolicy } from './policy.ts'
import type { PolicyDocument } from './policy-document.ts'

const STRICTNESS = { execution: 0, supervision: 1, proposal: 2, training: 3, denied: 4 } as const

const anyAttempt = fc.record({
  maturity: fc.constantFrom(...MATURITIES),
  risk: fc.constantFrom(...RISKS),
  ceiling: fc.constantFrom(...MATURITIES),
  source: fc.constantFrom('ai_coordinator', 'manual'),
  type: fc.constantFrom(undefined, 'agent_message'),
  cents: fc.integer({ min: 0, max: 6 }),
  isUsedUp: fc.boolean(),
})
type Tried = typeof anyAttempt extends fc.Arbitrary<infer T> ? T : never

/** What the gate makes of it, where of each limit either all or nothing is left. */
function rule(document: PolicyDocument, tried: Tried): Ruling {
  const policy = createPolicy(1, document)
  const action = { ...refund, risk: tried.risk, ceiling: tried.ceiling }
  const args = { cents: tried.cents }
  const attempt: Attempt = {
    actor: { workspace: 'w', principal: { kind: 'user', id: 'ana', roles: ['admin'] }, source: tried.source },
    trigger: { agent: 'bot', action: action.name, args, ...(tried.type && { type: tried.type }) },
    keyed: false,
    idempotencyKey: 'k',
    decisionId: 'dec_1',
    decidedAt: '2026-01-01T00:00:00.000Z',
    startedAt: 0,
    resolution: { status: 'resolved', action, args, argsHash: '' },
  }
  const agents = new Map([['bot', { ...agentAtEpoch('bot', 1), maturity: tried.maturity }]])
  const limits = policy
    .ruleFor(action)
    .limits.map(({ name }) => ({ name, sufficient: !tried.isUsedUp, reason: 'Used up.' }))
  return ruleOn(attempt, { agents, stops: [], policy }, limits)
}

const candidate = fc
  .tuple(anyPolicy, anyPolicy)
  .map((pair) => pair.map(parsePolicy) as [PolicyDocument, PolicyDocument])

/** Two policies of which one has one part of the other: so that not every pair has something that is looser. */
const near = fc
  .tuple(candidate, fc.constantFrom('actions', 'limits', 'shadow', 'breaker', 'matrix'))
  .map(([[one, other], part]): [PolicyDocument, PolicyDocument] => {
    const { [part as 'actions']: _, ...rest } = one
    const taken = other[part as 'actions']
    return [one, taken === undefined ? rest : { ...rest, [part]: taken }]
  })

describe('two policies', () => {
  it('let nothing run under the second that the first would not have, where no change is looser [POL-21]', () => {
    let compared = 0
    fc.assert(
      fc.property(near, fc.array(anyAttempt, { minLength: 5, maxLength: 20 }), ([before, after], attempts) => {
        const changes = comparePolicies(before, after)
        if (changes.some(({ effect }) => effect === 'looser' || effect === 'unclear')) return
        compared += 1
        for (const tried of attempts) {
          const [was, is] = [rule(before, tried), rule(after, tried)]
          expect(STRICTNESS[is.route], JSON.stringify({ before, after, tried })).toBeGreaterThanOrEqual(
            STRICTNESS[was.route],
          )
          if (was.route === 'proposal' && is.route === 'proposal') {
            expect(is.requiredApprovals).toBeGreaterThanOrEqual(was.requiredApprovals)
          }
        }
      }),
      { numRuns: 800 },
    )
    expect(compared).toBeGreaterThan(80)
  })

  it('differ the other way round when they are compared the other way round [POL-21]', () => {
    const turned = { looser: 'stricter', stricter: 'looser', unclear: 'unclear', none: 'none' } as const
    fc.assert(
      fc.property(candidate, ([before, after]) => {
        const there = comparePolicies(before, after).map(({ path, effect }) => `${path} ${effect}`)
        const back = comparePolicies(after, before).map(({ path, effect }) => `${path} ${turned[effect]}`)
        expect(there.sort()).toEqual(back.sort())
        expect(comparePolicies(before, before)).toEqual([])
      }),
    )
  })

  it.each<[PolicyDocument, PolicyDocument, string, string]>([
    [{}, { shadow: ['refund'] }, 'shadow.refund', 'looser'],
    [{ separationOfDuties: true }, { separationOfDuties: false }, 'separationOfDuties', 'looser'],
    [{}, { separationOfDuties: true }, 'separationOfDuties', 'none'],
    [{}, { matrix: { runs: 'graduated' } }, 'matrix.runs', 'unclear'],
    [{}, { matrix: { runs: 'strict' } }, 'matrix.runs', 'none'],
    [{ actions: { a: { when: 'true' } } }, {}, 'actions.a.when', 'looser'],
    [{ actions: { a: { when: 'true' } } }, { actions: { a: { when: 'false' } } }, 'actions.a.when', 'unclear'],
    [{ actions: { a: { risk: 'high' } } }, { actions: { a: { risk: 'medium' } } }, 'actions.a.risk', 'looser'],
    [{ actions: { a: {} } }, { actions: { a: { ceiling: 'intern' } } }, 'actions.a.ceiling', 'stricter'],
    [{}, { promotion: { policy: 'bands' } }, 'promotion.policy', 'looser'],
    [{}, { promotion: { policy: 'earned' } }, 'promotion.policy', 'none'],
    [{}, { promotion: { trust: 'capability' } }, 'promotion.trust', 'unclear'],
    [{}, { review: { automatic: true } }, 'review.automatic', 'looser'],
    [{}, { review: { sample: 0.5 } }, 'review.sample', 'stricter'],
    [{}, { supervision: { reviewers: true } }, 'supervision.reviewers', 'looser'],
    [{}, { proposalTtlMs: 1_000 }, 'proposalTtlMs', 'stricter'],
    [{ breaker: { failures: 5, per: 'hour' } }, { breaker: { failures: 6, per: 'hour' } }, 'breaker', 'looser'],
    [{ breaker: { failures: 5, per: 'hour' } }, { breaker: { failures: 5, per: 'day' } }, 'breaker', 'unclear'],
    [
      { limits: [{ name: 'a', per: 'day', most: 1 }] },
      { limits: [{ name: 'a', per: 'day', most: 2 }] },
      'limits.a',
      'looser',
    ],
    [
      { limits: [{ name: 'a', per: 'day', most: 1 }] },
      { limits: [{ name: 'b', per: 'day', most: 1 }] },
      'limits.a',
      'looser',
    ],
    [
      { limits: [{ name: 'a', per: 'day', most: 9 }] },
      { limits: [{ name: 'a', per: 'hour', most: 1 }] },
      'limits.a',
      'unclear',
    ],
  ])('%j, then %j: %s is %s [POL-21]', (before, after, path, effect) => {
    expect(comparePolicies(before, after)).toContainEqual(expect.objectContaining({ path, effect }))
  })
})
