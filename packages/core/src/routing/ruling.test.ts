import { MATURITIES, type Maturity, RISKS } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { minMaturity } from '../maturity/levels.ts'
import { createPolicy } from '../policy/policy.ts'
import { agentAtEpoch, refund } from '../proposals/bound-proposal.test.helper.ts'
import type { Attempt } from './attempt.ts'
import type { AgentFacts, Facts, OpenBypass } from './facts.ts'
import { matrixFor, routeFor } from './matrix.ts'
import { type Ruling, ruleOn } from './ruling.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const
const AT = '2026-01-01T00:00:00.000Z'

/** Mostly the first, so that what all of them must be together comes up. */
const mostly = <const T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

const anyAgent = (id: string): fc.Arbitrary<AgentFacts> =>
  fc
    .record({
      maturity: fc.constantFrom(...MATURITIES),
      lifecycle: mostly('active', 'paused', 'retired'),
      fingerprintCapped: fc.boolean(),
    })
    .map((agent) => ({
      ...agentAtEpoch(id, 1),
      ...agent,
      fingerprintCapped: agent.fingerprintCapped && id > 'd',
    }))

const anyAgents = fc
  .tuple(...NAMES.map(anyAgent))
  .map((agents): ReadonlyMap<string, AgentFacts> => new Map(agents.map((agent) => [agent.id, agent])))

const anyAction: fc.Arbitrary<ActionSpecification> = fc
  .record({ risk: fc.constantFrom(...RISKS), ceiling: mostly('autonomous', 'supervised', 'intern', 'student') })
  .map((declared) => ({ ...refund, ...declared }))

const anyPolicy = fc
  .record(
    {
      shadow: mostly([], ['refund']),
      separationOfDuties: fc.boolean(),
      actions: fc.constantFrom(
        {},
        {},
        {},
        { 'refund.create': { requiredApprovals: 2 } },
        { 'refund.create': { waitMs: 1 } },
        { 'refund.create': { when: 'args.cents < 3' } },
      ),
    },
    { requiredKeys: [] },
  )
  .map((document) => createPolicy(1, document))

const anyBypass: fc.Arbitrary<OpenBypass> = fc.record({
  id: fc.constant('byp_1'),
  agent: fc.constantFrom(null, null, ...NAMES.slice(0, 3)),
  capability: mostly(null, 'refund', 'note'),
  action: mostly(null, 'refund.create', 'note.write'),
  expiresAt: fc.constant(AT),
  lapsedFor: fc.subarray([...NAMES], { maxLength: 2 }),
  ownOf: fc.subarray([...NAMES], { maxLength: 2 }),
})

const anyStop = fc.constantFrom<Facts['stops'][number]>(
  { id: 'stp_1', target: 'agent', agent: 'a' },
  { id: 'stp_2', target: 'agent', agent: 'c' },
  { id: 'stp_3', target: 'workspace', agent: null },
  { id: 'stp_4', target: 'all', agent: null },
)

const anyCase = fc.record({
  agents: anyAgents,
  action: anyAction,
  policy: anyPolicy,
  bypasses: fc.array(anyBypass, { maxLength: 3 }),
  stops: fc.array(anyStop, { maxLength: 1 }),
  delegation: fc.oneof(
    { weight: 3, arbitrary: fc.uniqueArray(fc.constantFrom('b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 2 }) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...NAMES, 'nobody'), { maxLength: 7 }) },
  ),
  type: fc.constantFrom(undefined, 'workflow_trigger'),
  source: mostly('ai_coordinator', 'data_sync', 'manual'),
  cents: fc.integer({ min: 0, max: 5 }),
  isLimited: mostly(false, true),
})
type Case = typeof anyCase extends fc.Arbitrary<infer T> ? T : never

function attemptOf({ action, delegation, type, source, cents }: Case): Attempt {
  const args = { cents }
  return {
    actor: { workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['admin'] }, source },
    trigger: { agent: 'a', action: action.name, args, delegation, ...(type && { type }) },
    keyed: false,
    idempotencyKey: 'k',
    decisionId: 'dec_1',
    decidedAt: AT,
    startedAt: 0,
    resolution: { status: 'resolved', action, args, argsHash: '' },
  }
}

function rule(input: Case): Ruling {
  const { agents, stops, policy, bypasses, isLimited } = input
  const limits = isLimited ? [{ name: 'daily', sufficient: false, reason: 'Used up.' }] : []
  return ruleOn(attemptOf(input), { agents, stops, policy, bypasses }, limits)
}

/** From free to refused. */
const STRICTNESS = { execution: 0, supervision: 1, proposal: 2, training: 3, denied: 4 } as const
const RUNS = 300

describe('delegation', () => {
  it('counts for the least of its chain: never more for one agent more in it [I-10, ROUTE-10]', () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom(...NAMES), fc.nat(), (input, one, at) => {
        const bare = { ...input, bypasses: [] }
        const place = at % (input.delegation.length + 1)
        const delegation = [...input.delegation.slice(0, place), one, ...input.delegation.slice(place)]
        const [before, after] = [rule(bare), rule({ ...bare, delegation })]
        if (before.shadow === null && after.shadow === null) {
          expect(STRICTNESS[after.route]).toBeGreaterThanOrEqual(STRICTNESS[before.route])
        }
        const chain = ['a', ...delegation].flatMap((id) => input.agents.get(id)?.maturity ?? [])
        if (after.maturity !== null && after.route !== 'denied' && after.warnings.length === 0) {
          expect(minMaturity(after.maturity, ...chain)).toBe(after.maturity)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('is denied when it is too deep, goes in a circle, or passes an agent that is unknown or not active [I-10]', () => {
    fc.assert(
      fc.property(anyCase, (input) => {
        const chain = ['a', ...input.delegation]
        const ruling = rule({ ...input, stops: [] })
        const isWrong =
          chain.length > 6 ||
          new Set(chain).size < chain.length ||
          chain.some((id) => input.agents.get(id)?.lifecycle !== 'active')
        if (isWrong) expect(ruling.route).toBe('denied')
        if (chain.length > 6) expect(ruling.code).toBe('DELEGATION_TOO_DEEP')
      }),
      { numRuns: RUNS },
    )
  })

  it('is of the agents, not of the person at its beginning: nothing in it counts as set off by hand [I-10, ROUTE-4]', () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom('b', 'c', 'd'), (input, delegator) => {
        const delegated = { ...input, delegation: [delegator] }
        expect(rule({ ...delegated, source: 'manual' })).toEqual(rule({ ...delegated, source: 'ai_coordinator' }))
      }),
      { numRuns: RUNS },
    )
  })
})

describe('a bypass', () => {
  it('changes a route to execution and nothing else: whatever was denied stays denied, with its code [POL-7]', () => {
    fc.assert(
      fc.property(anyCase, (input) => {
        const [without, under] = [rule({ ...input, bypasses: [] }), rule(input)]
        if (under.bypass === null) {
          expect(under).toEqual(without)
          return
        }
        expect(under).toMatchObject({ route: 'execution', code: null, shadow: null, bypass: { route: without.route } })
        expect(['training', 'proposal', 'supervision']).toContain(without.route)
        expect(under).toMatchObject({ maturity: without.maturity, risk: without.risk })
      }),
      { numRuns: 4 * RUNS },
    )
  })

  it('never passes a stop, an exhausted limit, a ceiling, a cap, a quorum, a wait or critical risk [POL-7, I-13]', () => {
    let bypassed = 0
    fc.assert(
      fc.property(anyCase, (input) => {
        const under = rule(input)
        const { agents, action, policy, delegation, stops, isLimited, bypasses } = input
        const chain = ['a', ...delegation].flatMap((id) => agents.get(id) ?? [])
        const stopped = stops.some(({ agent }) => agent === null || chain.some(({ id }) => id === agent))
        if (stopped) expect(under.code).toBe('STOPPED')
        if (under.bypass === null) return
        bypassed += 1
        expect([stopped, isLimited, action.risk === 'critical']).toEqual([false, false, false])
        expect(policy.document.actions ?? {}).not.toHaveProperty(['refund.create', 'requiredApprovals'])
        expect(policy.waitFor(action.name)).toBe(0)
        const cap: Maturity = chain.some(({ fingerprintCapped }) => fingerprintCapped) ? 'intern' : 'autonomous'
        const maturity = minMaturity(action.ceiling, cap)
        const matrix = matrixFor(attemptOf(input).trigger, policy.matrix)
        expect(routeFor({ matrix, maturity, risk: action.risk }).route).toBe('execution')
        const own = bypasses.every(({ ownOf, lapsedFor }) =>
          chain.every(({ id }) => lapsedFor.includes(id) || (policy.separationOfDuties && ownOf.includes(id))),
        )
        expect(own).toBe(false)
      }),
      { numRuns: 6 * RUNS },
    )
    expect(bypassed).toBeGreaterThan(20)
  })
})

describe('shadow', () => {
  it('lets through what the policy alone would not, and tells; what is not for the policy to say is refused [POL-6]', () => {
    fc.assert(
      fc.property(anyCase, (input) => {
        const { document } = input.policy
        const watching = rule({ ...input, policy: createPolicy(1, { ...document, shadow: ['refund'] }) })
        const deciding = rule({ ...input, policy: createPolicy(1, { ...document, shadow: [] }), bypasses: [] })
        const isRefused = deciding.rule === null && deciding.route === 'denied'
        if (isRefused) {
          expect(watching).toEqual(deciding)
          return
        }
        expect(watching.route).toBe('execution')
        const told = deciding.route === 'execution' ? null : { route: deciding.route, code: deciding.code }
        expect(watching.shadow).toEqual(told)
      }),
      { numRuns: 2 * RUNS },
    )
  })
})
