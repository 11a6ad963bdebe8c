import { describe, expect, it } from 'vitest'
import {
  type Access,
  isOperation,
  OPEN_OPERATIONS,
  OPERATIONS,
  type Operation,
  PERMISSIONS,
  REFINEMENTS,
} from './permissions.ts'

type Principal = keyof (typeof PERMISSIONS)[Operation]

const granted = (principal: Principal): readonly Operation[] =>
  OPERATIONS.filter((operation) => PERMISSIONS[operation][principal] !== 'never')

const access = (operations: readonly Operation[], principal: Principal): ReadonlySet<Access> =>
  new Set(operations.map((operation) => PERMISSIONS[operation][principal]))

/** What everybody may know: whether the gate is open, what the API looks like, and who one is. */
const OPEN: readonly Operation[] = ['health.read', 'openapi.read', 'identity.read', 'stream_tickets.create']
const READ_OWN: readonly Operation[] = [
  'agents.get',
  'agents.list',
  'agents.confidence',
  'agents.transitions',
  'agents.timeline',
  'agents.promotion',
  'agents.incidents',
  'decisions.get',
  'blocked_triggers.get',
  'blocked_triggers.list',
  'training_proposals.get',
  'training_proposals.list',
  'training_sessions.get',
  'training_sessions.list',
  'agents.training_history',
  'proposals.get',
  'proposals.list',
  'proposals.history',
  'sessions.get',
  'sessions.list',
  'queue.get',
  'queue.list',
  'journal.list',
  'playbooks.effective',
]
// To cancel is to take back what it asked for itself.
const ATTEMPT: readonly Operation[] = [
  'triggers.decide',
  'triggers.check',
  'decisions.report',
  'runs.finish',
  'proposals.cancel',
  'blocked_triggers.retry',
  'training_sessions.answer',
  'queue.cancel',
]

// What was approved ahead of time, and what others have learned, is for those who judge and for those who watch.
const READ_APPROVALS: readonly Operation[] = [
  'agents.suggestions',
  'grants.get',
  'grants.list',
  'proposals.card',
  'queue.waiting',
  'playbooks.get',
  'playbooks.list',
  'playbooks.version',
  'playbooks.versions',
  'playbooks.diff',
  'playbooks.deployments',
]

describe('permission table', () => {
  it('has one of five words in each cell, and a row for each operation that refines another [AUTH-6]', () => {
    const words: readonly string[] = ['any', 'redacted', 'own', 'scoped', 'never']
    const cells = OPERATIONS.flatMap((operation) => Object.values(PERMISSIONS[operation]))
    expect(cells).toHaveLength(OPERATIONS.length * 6)
    expect(cells.filter((cell) => !words.includes(cell))).toEqual([])
    expect(REFINEMENTS).toEqual({
      'agents.set_start': 'agents.register',
      'stops.set_all': 'stops.set',
      'stops.lift_all': 'stops.lift',
    })
    expect([...OPEN_OPERATIONS].sort()).toEqual(['health.read', 'openapi.read'])
  })

  it('gives an agent its own records and attempts, and nothing else: never an approval, a policy, a key [I-5, AUTH-6]', () => {
    expect([...granted('agent')].sort()).toEqual([...READ_OWN, ...ATTEMPT, ...OPEN].sort())
    expect(access([...READ_OWN, ...ATTEMPT], 'agent')).toEqual(new Set(['own']))
  })

  it('gives a viewer reading only, with the records of agents redacted [AUTH-6]', () => {
    const shared: readonly Operation[] = [
      'actions.list',
      'policies.get',
      'policies.list',
      'stops.list',
      'bypasses.list',
      'members.list',
      'presence.get',
      'presence.available',
      'queue.stats',
      'escalations.list',
      'alerts.list',
      'alerts.settings',
      'analytics.summary',
      'analytics.decisions',
      'analytics.routing',
      'analytics.maturity',
      'analytics.reviewers',
      'analytics.training',
      'analytics.supervision',
      'analytics.system',
    ]
    expect([...granted('viewer')].sort()).toEqual([...READ_OWN, ...READ_APPROVALS, ...shared, ...OPEN].sort())
    expect(access([...READ_OWN, ...READ_APPROVALS], 'viewer')).toEqual(new Set(['redacted']))
  })

  it('lets a supervisor watch, stop and demote, but neither promote, loosen nor administer [AUTH-6]', () => {
    const denied = OPERATIONS.filter((operation) => PERMISSIONS[operation].supervisor === 'never')
    expect([...denied].sort()).toEqual(
      [
        'actions.register',
        'scenarios.import',
        'agents.register',
        'agents.set_start',
        'agents.change',
        'agents.resume',
        'agents.retire',
        'agents.promote',
        'agents.attest',
        'agents.close_incident',
        'policies.put',
        'keys.create',
        'keys.list',
        'keys.rotate',
        'keys.revoke',
        'stops.set_all',
        'stops.lift',
        'stops.lift_all',
        'bypasses.set',
        'bypasses.lift',
        'members.put',
        'members.remove',
        'workspaces.create',
        'workspaces.list',
        'webhooks.create',
        'webhooks.list',
        'webhooks.get',
        'webhooks.remove',
        'webhooks.deliveries',
        'webhooks.replay',
        'webhooks.test',
        'escalations.create',
        'escalations.remove',
        'alerts.change_rule',
        'alerts.tell',
        'reviewers.resume',
      ].sort(),
    )
  })

  it('gives a service nothing without a scope, and no scope that judges, promotes or administers [AUTH-3, AUTH-6]', () => {
    const scoped = granted('service').filter((operation) => !OPEN.includes(operation))
    expect(access(scoped, 'service')).toEqual(new Set(['scoped']))
    const forbidden: readonly Operation[] = [
      'agents.promote',
      'agents.demote',
      'agents.attest',
      'agents.close_incident',
      'agents.resume',
      'sessions.attach',
      'sessions.intervene',
      'sessions.object',
      'sessions.complete',
      'grants.preview',
      'grants.create',
      'grants.revoke',
      'policies.put',
      'keys.create',
      'keys.rotate',
      'keys.revoke',
      'members.put',
      'members.remove',
      'workspaces.create',
      'workspaces.list',
      'stops.lift',
      'bypasses.set',
      'bypasses.lift',
      'webhooks.create',
      'escalations.create',
      'alerts.mute',
      'alerts.change_rule',
      'alerts.tell',
      'proposals.review',
      'playbooks.write',
      'playbooks.deploy',
      'playbooks.rollback',
      'reviewers.suspend',
      'reviewers.resume',
    ]
    expect(access(forbidden, 'service')).toEqual(new Set(['never']))
  })

  it('lets the system administer but never judge in the place of a person [AUTH-6]', () => {
    const denied = OPERATIONS.filter((operation) => PERMISSIONS[operation].system === 'never')
    expect([...denied].sort()).toEqual([
      'agents.attest',
      'agents.close_incident',
      'agents.promote',
      'bypasses.set',
      'grants.create',
      'grants.preview',
      'presence.clear_override',
      'presence.end_session',
      'presence.heartbeat',
      'presence.override',
      'presence.sessions',
      'proposals.acknowledge',
      'proposals.approve',
      'proposals.assign',
      'proposals.batch',
      'proposals.comment',
      'proposals.comments',
      'proposals.extend',
      'proposals.reject',
      'proposals.resolve',
      'proposals.respond',
      'proposals.snooze',
      'queue.prioritize',
      'queue.resolve',
      'reviewers.resume',
      'sessions.attach',
      'sessions.complete',
      'sessions.hand_over',
      'sessions.intervene',
      'sessions.object',
      'sessions.take_over',
      'training_proposals.approve',
      'training_proposals.reject',
      'training_sessions.answer',
      'training_sessions.complete',
    ])
  })

  it('keeps what concerns every workspace from every user [AUTH-6]', () => {
    for (const operation of ['stops.set_all', 'stops.lift_all', 'workspaces.create', 'workspaces.list'] as const) {
      const { system, ...others } = PERMISSIONS[operation]
      expect(system).toBe('any')
      expect(new Set(Object.values(others))).toEqual(new Set(['never']))
    }
  })

  it('knows an operation by its own name only [I-36]', () => {
    expect(OPERATIONS.every((operation) => /^[a-z_]+\.[a-z_]+$/.test(operation))).toBe(true)
    for (const name of ['constructor', '__proto__', 'toString', 'agents', 'agents.', 'AGENTS.GET', '', 7, null]) {
      expect(isOperation(name)).toBe(false)
    }
    expect(Object.values(REFINEMENTS).every(isOperation)).toBe(true)
  })
})
