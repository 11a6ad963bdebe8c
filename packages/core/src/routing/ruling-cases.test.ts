import type { Trigger } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { createPolicy } from '../policy/policy.ts'
import type { PolicyDocument } from '../policy/policy-document.ts'
import { agentAtEpoch, returning } from '../proposals/bound-proposal.test.helper.ts'
import type { Attempt } from './attempt.ts'
import type { AgentFacts, Facts, OpenBypass, OpenStop } from './facts.ts'
import { type LimitCheck, type Ruling, ruleOn } from './ruling.ts'

interface Case {
  readonly agent?: Partial<AgentFacts>
  readonly boss?: Partial<AgentFacts>
  readonly others?: readonly string[]
  readonly action?: Partial<ActionSpecification>
  readonly policy?: PolicyDocument
  readonly trigger?: Partial<Trigger>
  readonly attempt?: Partial<Attempt>
  readonly stops?: readonly OpenStop[]
  readonly bypasses?: readonly OpenBypass[]
  readonly limits?: readonly LimitCheck[]
  readonly manual?: true
}

function ruling(given: Case): Ruling {
  const { action = {}, trigger = {}, stops = [], limits = [], bypasses } = given
  const others = (given.others ?? []).map((id): [string, AgentFacts] => [
    id,
    { ...agentAtEpoch(id, 1), maturity: 'autonomous' },
  ])
  const facts: Facts = {
    agents: new Map([
      ['bot', { ...agentAtEpoch('bot', 1), ...given.agent }],
      ['boss', { ...agentAtEpoch('boss', 1), maturity: 'autonomous', ...given.boss }],
      ...others,
    ]),
    stops,
    policy: createPolicy(1, given.policy ?? {}),
    ...(bypasses && { bypasses }),
  }
  const attempt = returning({ action, trigger, ...(given.attempt && { attempt: given.attempt }) })
  const person = { ...attempt.actor, source: 'manual' as const }
  return ruleOn(given.manual ? { ...attempt, actor: person } : attempt, facts, limits)
}

const rule = (given: object): PolicyDocument => ({ actions: { 'refund.create': given } })
const stop = (target: OpenStop['target'], agent: string | null = null): OpenStop => ({ id: 'stp_1', target, agent })
const bypass: OpenBypass = {
  id: 'byp_1',
  agent: null,
  capability: null,
  action: null,
  expiresAt: '2026-01-01T01:00:00.000Z',
  lapsedFor: [],
  ownOf: [],
}

describe('what is refused before anything else [I-13]', () => {
  it.each<[what: string, given: Case, code: string, reason: string]>([
    ['stop of the agent', { stops: [stop('agent', 'bot')] }, 'STOPPED', 'the agent "bot"'],
    ['stop of the workspace', { stops: [stop('workspace')] }, 'STOPPED', 'for the workspace.'],
    ['stop of everything', { stops: [stop('all')] }, 'STOPPED', 'for everything.'],
    [
      'stop of who delegated',
      { stops: [stop('agent', 'boss')], trigger: { delegation: ['boss'] } },
      'STOPPED',
      'the agent "boss"',
    ],
    ['paused agent', { agent: { lifecycle: 'paused' } }, 'AGENT_PAUSED', '"bot" is paused'],
    ['stopped agent', { agent: { lifecycle: 'stopped' } }, 'AGENT_STOPPED', '"bot" is stopped'],
    ['retired agent', { agent: { lifecycle: 'retired' } }, 'AGENT_RETIRED', '"bot" is retired'],
    [
      'paused agent that delegated',
      { boss: { lifecycle: 'paused' }, trigger: { delegation: ['boss'] } },
      'AGENT_PAUSED',
      '"boss" is paused',
    ],
    ['unknown agent', { trigger: { agent: 'nobody' } }, 'AGENT_UNKNOWN', '"nobody" is not registered'],
    ['unknown delegator', { trigger: { delegation: ['nobody'] } }, 'AGENT_UNKNOWN', '"nobody"'],
    ['cycle', { trigger: { delegation: ['boss', 'bot'] } }, 'DELEGATION_CYCLE', 'names an agent twice'],
    [
      'chain of seven',
      { trigger: { delegation: ['boss', 'c', 'd', 'e', 'f', 'g'] }, others: ['c', 'd', 'e', 'f', 'g'] },
      'DELEGATION_TOO_DEEP',
      'has 6 agents; at most 5',
    ],
    [
      'action that is not known',
      { attempt: { resolution: { status: 'unresolved', code: 'ACTION_UNKNOWN', reason: 'What is that?' } } },
      'ACTION_UNKNOWN',
      'What is that?',
    ],
  ])('a %s', (_what, given, code, reason) => {
    const denied = ruling(given)
    expect(denied).toMatchObject({ route: 'denied', code, maturity: null, risk: null, rule: null, agent: null })
    expect(denied).toMatchObject({ warnings: [], requiredApprovals: 0, shadow: null, bypass: null })
    expect(denied.reason).toContain(reason)
  })

  it('is no stop of another agent, and no chain of six', () => {
    expect(ruling({ stops: [stop('agent', 'boss')] }).route).toBe('proposal')
    expect(ruling({ stops: [stop('agent')] }).route).toBe('proposal')
    const others = ['c', 'd', 'e', 'f']
    expect(ruling({ trigger: { delegation: ['boss', ...others] }, others }).route).toBe('proposal')
  })
})

describe('the condition of the policy [POL-4]', () => {
  it.each([
    'args.cents == 5',
    'agent == "bot"',
    'action == "refund.create"',
    'resource == ""',
    'source == "ai_coordinator"',
    'type == ""',
    'now == timestamp("2026-01-01T00:00:00Z")',
  ])('%s holds', (when) => {
    expect(ruling({ policy: rule({ when }) }).route).toBe('proposal')
  })

  it.each([
    ['args.cents > 5', 'does not hold'],
    ['args.euros > 5', 'could not be evaluated'],
    ['resource == "order-1"', 'does not hold'],
    ['type == "workflow_trigger"', 'does not hold'],
  ])('%s denies', (when, why) => {
    const denied = ruling({ policy: rule({ when }) })
    expect(denied).toMatchObject({ route: 'denied', code: 'CONDITION_FAILED', maturity: 'intern', risk: 'medium' })
    expect(denied.reason).toBe(`The condition "${when}" ${why}${why.startsWith('could') ? ' on these arguments' : ''}.`)
    expect(denied.rule).not.toBeNull()
    expect(denied.agent?.id).toBe('bot')
  })

  it('sees the resource and the type that are given', () => {
    const trigger = { resource: 'order-1', type: 'workflow_trigger' } as const
    const when = 'resource == "order-1" && type == "workflow_trigger"'
    expect(ruling({ trigger, policy: rule({ when }) }).code).toBeNull()
  })
})

describe('a limit [LIM-1]', () => {
  it('that is used up denies, with its own reason', () => {
    const left = { name: 'a', sufficient: true, reason: 'Some left.' }
    const none = { name: 'b', sufficient: false, reason: 'None left.' }
    expect(ruling({ limits: [left] }).code).toBeNull()
    expect(ruling({ limits: [left, none] })).toMatchObject({
      route: 'denied',
      code: 'LIMIT_EXCEEDED',
      reason: 'None left.',
      maturity: 'intern',
      risk: 'medium',
    })
  })
})

describe('what an agent counts as [I-10]', () => {
  it.each<[what: string, given: Case, maturity: string, route: string]>([
    ['what it earned', {}, 'intern', 'proposal'],
    [
      'what who delegated earned, if that is less',
      { boss: { maturity: 'student' }, trigger: { delegation: ['boss'] } },
      'student',
      'training',
    ],
    [
      'no more than who delegated',
      { agent: { maturity: 'autonomous' }, trigger: { delegation: ['boss'] } },
      'autonomous',
      'execution',
    ],
    [
      'no more than the ceiling',
      { agent: { maturity: 'autonomous' }, action: { ceiling: 'intern' } },
      'intern',
      'proposal',
    ],
    [
      'an intern in a changed build',
      { agent: { maturity: 'autonomous', fingerprintCapped: true } },
      'intern',
      'proposal',
    ],
    [
      'an intern in a build that was never seen',
      { agent: { maturity: 'autonomous', fingerprint: { version: '1' } }, trigger: { fingerprint: { version: '2' } } },
      'intern',
      'proposal',
    ],
    [
      'what it earned, in the same build',
      { agent: { maturity: 'autonomous', fingerprint: { version: '1' } }, trigger: { fingerprint: { version: '1' } } },
      'autonomous',
      'execution',
    ],
    [
      'an intern where who delegated is capped',
      { agent: { maturity: 'autonomous' }, boss: { fingerprintCapped: true }, trigger: { delegation: ['boss'] } },
      'intern',
      'proposal',
    ],
    [
      'what it earned, whatever build who delegated was',
      {
        agent: { maturity: 'autonomous' },
        boss: { fingerprint: { version: '1' } },
        trigger: { delegation: ['boss'], fingerprint: { version: '2' } },
      },
      'autonomous',
      'execution',
    ],
  ])('is %s', (_what, given, maturity, route) => {
    const ruled = ruling(given)
    expect(ruled).toMatchObject({ maturity, route, code: null, warnings: [], shadow: null, bypass: null })
    expect(ruled.reason).toContain(`The agent "bot" counts as ${maturity} here; an action of medium risk `)
  })

  it('says what becomes of it', () => {
    const reasonOf = (given: Case): string => ruling(given).reason
    expect(reasonOf({ agent: { maturity: 'autonomous' } })).toMatch(/medium risk may run\.$/)
    expect(reasonOf({ agent: { maturity: 'supervised' }, action: { risk: 'high' } })).toMatch(
      /high risk may run under live supervision\.$/,
    )
    expect(reasonOf({})).toMatch(/medium risk needs approval\.$/)
    expect(reasonOf({ agent: { maturity: 'student' } })).toMatch(/medium risk is blocked and trained first\.$/)
  })
})

describe('how many approve [I-27]', () => {
  it.each<[what: string, given: Case, needed: number]>([
    ['one', {}, 1],
    ['two where it is critical', { action: { risk: 'critical' } }, 2],
    ['as many as the policy says', { policy: rule({ requiredApprovals: 3 }) }, 3],
    ['no fewer than the matrix says', { action: { risk: 'critical' }, policy: rule({ requiredApprovals: 1 }) }, 2],
    ['nobody where it runs', { agent: { maturity: 'autonomous' }, policy: rule({ requiredApprovals: 3 }) }, 0],
    ['nobody where it is blocked', { agent: { maturity: 'student' } }, 0],
  ])('%s', (_what, given, needed) => {
    expect(ruling(given).requiredApprovals).toBe(needed)
  })
})

describe('what a person sets off [I-8]', () => {
  it('runs with a warning, whatever the agent has earned', () => {
    const ruled = ruling({ manual: true, agent: { maturity: 'student' } })
    expect(ruled).toMatchObject({ route: 'execution', code: null, maturity: 'student', risk: 'medium' })
    expect(ruled.reason).toBe('A signed-in person set it off.')
    expect(ruled.warnings).toEqual(['Set off by a person: the agent itself is student and was not asked to earn this.'])
  })

  it('is held to the ceiling, to conditions and to limits', () => {
    const held = ruling({ manual: true, action: { ceiling: 'intern' }, agent: { maturity: 'student' } })
    expect(held).toMatchObject({ route: 'proposal', maturity: 'student', warnings: [] })
    expect(held.reason).toContain('counts as intern')
    expect(ruling({ manual: true, policy: rule({ when: 'args.cents > 5' }) }).code).toBe('CONDITION_FAILED')
    const none = { name: 'b', sufficient: false, reason: 'None left.' }
    expect(ruling({ manual: true, limits: [none] }).code).toBe('LIMIT_EXCEEDED')
    expect(ruling({ manual: true, action: { ceiling: 'intern' }, bypasses: [bypass] }).bypass).toBeNull()
  })

  it('is of the agents once one has another do it', () => {
    expect(ruling({ manual: true, trigger: { delegation: ['boss'] } }).route).toBe('proposal')
    expect(ruling({ manual: true, trigger: { delegation: [] } }).route).toBe('execution')
  })
})

describe('shadow and bypass [POL-7, POL-6]', () => {
  const watched: PolicyDocument = { shadow: ['refund'] }

  it('run what would have taken another route, and say which', () => {
    const shadow = ruling({ policy: watched })
    expect(shadow).toMatchObject({ route: 'execution', code: null, shadow: { route: 'proposal', code: null } })
    expect(shadow.reason).toContain('only watches "refund"; otherwise: The agent "bot"')
    const none = { name: 'b', sufficient: false, reason: 'None left.' }
    expect(ruling({ policy: watched, limits: [none] }).shadow).toEqual({ route: 'denied', code: 'LIMIT_EXCEEDED' })
    const under = ruling({ bypasses: [bypass] })
    expect(under).toMatchObject({ route: 'execution', bypass: { id: 'byp_1', route: 'proposal' }, maturity: 'intern' })
    expect(under.bypass?.expiresAt).toBe(bypass.expiresAt)
    expect(under.reason).toBe(
      'The bypass byp_1 lets it run, which the agent has not earned; otherwise: needs approval.',
    )
    expect(under.warnings).toEqual([
      'Runs under the bypass byp_1, which ends at 2026-01-01T01:00:00.000Z at the latest.',
    ])
  })

  it('are nothing where it runs anyway, and shadow has nothing to override', () => {
    const free = { agent: { maturity: 'autonomous' } } as const
    expect(ruling({ ...free, policy: watched }).shadow).toBeNull()
    expect(ruling({ ...free, bypasses: [bypass] }).bypass).toBeNull()
    expect(ruling({ policy: watched, bypasses: [bypass] })).toMatchObject({
      shadow: { route: 'proposal' },
      bypass: null,
    })
  })

  it('never pass a stop', () => {
    for (const given of [{ policy: watched }, { bypasses: [bypass] }]) {
      expect(ruling({ ...given, stops: [stop('all')] })).toMatchObject({ route: 'denied', code: 'STOPPED' })
    }
  })
})

describe('an attempt that could not be resolved', () => {
  it('is denied where everything else would let it run', () => {
    const attempt = returning({})
    const facts = { agents: new Map(), stops: [], policy: createPolicy(1, {}) }
    let looks = 0
    // Facts that contradict each other: nothing is known, so nothing is allowed.
    const get = (id: string): AgentFacts | undefined => {
      looks += 1
      return looks === 1 ? agentAtEpoch(id, 1) : undefined
    }
    const agents = { get } as unknown as Facts['agents']
    expect(ruleOn(attempt, { ...facts, agents }, [])).toMatchObject({ route: 'denied', code: 'INTERNAL' })
  })
})
