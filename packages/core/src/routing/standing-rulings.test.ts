import { MATURITIES, RISKS } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPolicy } from '../policy/policy.ts'
import { agentAtEpoch, refund, returning } from '../proposals/bound-proposal.test.helper.ts'
import type { Attempt } from './attempt.ts'
import type { AgentFacts, Facts, OpenBypass, OpenStop, StandingRulings } from './facts.ts'
import { type LimitCheck, ruleOn } from './ruling.ts'

const ACTIONS = RISKS.flatMap((risk) => [
  { ...refund, risk },
  { ...refund, risk, name: 'note.write', capability: 'note' },
])
const BYPASS: OpenBypass = {
  ...{ id: 'byp_1', agent: null, capability: null, action: null, expiresAt: '2026-01-01T01:00:00.000Z' },
  ...{ lapsedFor: [], ownOf: [] },
}
const STOP: OpenStop = { id: 'stp_1', target: 'agent', agent: 'bot' }
const USED_UP: LimitCheck = { name: 'daily', sufficient: false, reason: 'Used up.' }

const anyAgent: fc.Arbitrary<AgentFacts> = fc
  .record({
    maturity: fc.constantFrom(...MATURITIES),
    lifecycle: fc.constantFrom('active', 'active', 'paused'),
    fingerprintCapped: fc.boolean(),
  })
  .map((known) => ({ ...agentAtEpoch('bot', 1), ...known }))

const anyPolicy = fc
  .constantFrom(
    {},
    { shadow: ['refund'] },
    { matrix: { actions: 'strict' as const } },
    { actions: { 'refund.create': { when: 'args.cents < 3', requiredApprovals: 2 } } },
    { actions: { 'refund.create': { ceiling: 'intern' as const } } },
    { promotion: { trust: 'capability' as const } },
  )
  .map((document) => createPolicy(1, document))

interface Asked {
  readonly attempt: Attempt
  readonly more: Partial<Pick<Facts, 'stops' | 'bypasses'>>
  readonly limits: readonly LimitCheck[]
}

/** Mostly attempts that say no more than who acts and what on. */
const anyAsked: fc.Arbitrary<Asked> = fc
  .record({
    action: fc.constantFrom(...ACTIONS),
    cents: fc.integer({ min: 0, max: 5 }),
    trigger: fc.constantFrom<Partial<Attempt['trigger']>>(
      {},
      {},
      {},
      { delegation: [] },
      { delegation: ['boss'] },
      { fingerprint: { version: '2' } },
      { type: 'workflow_trigger' },
      { agent: 'boss' },
    ),
    source: fc.constantFrom('ai_coordinator', 'ai_coordinator', 'data_sync', 'manual'),
    question: fc.constantFrom(undefined, undefined, { approvals: 2 }),
    more: fc.constantFrom<Asked['more']>({}, {}, {}, { stops: [STOP] }, { bypasses: [BYPASS] }),
    limits: fc.constantFrom<readonly LimitCheck[]>([], [], [USED_UP]),
  })
  .map(({ action, cents, trigger, source, question, more, limits }) => {
    const attempt = returning({ args: { cents }, trigger: { action: action.name, ...trigger } })
    const resolution = { status: 'resolved' as const, action, args: { cents }, argsHash: '' }
    const actor = { ...attempt.actor, source }
    return { attempt: { ...attempt, actor, resolution, ...(question && { question }) }, more, limits }
  })

describe('rulings that stand', () => {
  it('are those that the rules would make, whatever was asked before [ROUTE-15]', () => {
    fc.assert(
      fc.property(anyAgent, anyPolicy, fc.array(anyAsked, { minLength: 1, maxLength: 12 }), (agent, policy, asked) => {
        const boss: AgentFacts = { ...agentAtEpoch('boss', 1), maturity: 'student' }
        const agents = new Map([agent, boss].map((one) => [one.id, one]))
        const standing: StandingRulings = { agents, agent, policy, byAction: new Map() }
        for (const { attempt, more, limits } of asked) {
          const facts = { agents, policy, stops: [], ...more }
          expect(ruleOn(attempt, { ...facts, standing }, limits)).toEqual(ruleOn(attempt, facts, limits))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('are not those of facts that say otherwise [ROUTE-15]', () => {
    const attempt = returning({})
    const agent: AgentFacts = { ...agentAtEpoch('bot', 1), maturity: 'autonomous' }
    const policy = createPolicy(1, {})
    const agents = new Map([['bot', agent]])
    const standing: StandingRulings = { agents, agent, policy, byAction: new Map() }
    const facts = { agents, policy, stops: [], standing }
    expect(ruleOn(attempt, facts, []).route).toBe('execution')
    expect(standing.byAction.size).toBe(1)
    const demoted = new Map([['bot', { ...agent, maturity: 'student' as const }]])
    expect(ruleOn(attempt, { ...facts, agents: demoted }, []).route).toBe('training')
    const strict = createPolicy(2, { actions: { 'refund.create': { ceiling: 'intern' } } })
    expect(ruleOn(attempt, { ...facts, policy: strict }, []).route).toBe('proposal')
  })
})
