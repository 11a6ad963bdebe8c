/**
 * What a principal may do with an operation: `any` in the whole workspace; `redacted` reads without args and bodies;
 * `own` only what is its own (an agent: its records; a user: itself); `scoped` only with the operation among its scopes
 * and for its agents; `never`.
 */
export type Access = 'any' | 'redacted' | 'own' | 'scoped' | 'never'

/** One row of the permission table: what each role of a user, and each other kind of principal, may do. */
export interface Permission {
  readonly admin: Access
  readonly supervisor: Access
  readonly viewer: Access
  readonly agent: Access
  readonly service: Access
  readonly system: Access
}

/** The same as one line of a table. */
export type PermissionRow = readonly [
  admin: Access,
  supervisor: Access,
  viewer: Access,
  agent: Access,
  service: Access,
  system: Access,
]

// biome-ignore format: a table, one operation a line
const TABLE = {
  //                          admin    supervisor  viewer      agent    service   system
  'triggers.decide':         ['any',   'any',      'never',    'own',   'scoped', 'any'],
  'triggers.check':          ['any',   'any',      'never',    'own',   'scoped', 'any'],
  'actions.register':        ['any',   'never',    'never',    'never', 'scoped', 'any'],
  'actions.list':            ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'identity.read':           ['any',   'any',      'any',      'any',   'any',    'any'],
  'streams.stats':           ['any',   'any',      'never',    'never', 'never',  'any'],
  'metrics.read':            ['any',   'any',      'never',    'never', 'scoped', 'any'],
  'stream_tickets.create':   ['any',   'any',      'any',      'any',   'any',    'any'],

  'agents.register':         ['any',   'never',    'never',    'never', 'scoped', 'any'],
  'agents.set_start':        ['any',   'never',    'never',    'never', 'never',  'any'],
  'agents.get':              ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'agents.list':             ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'agents.change':           ['any',   'never',    'never',    'never', 'never',  'any'],
  'agents.pause':            ['any',   'any',      'never',    'never', 'scoped', 'any'],
  'agents.resume':           ['any',   'never',    'never',    'never', 'never',  'any'],
  'agents.stop':             ['any',   'any',      'never',    'never', 'scoped', 'any'],
  'agents.retire':           ['any',   'never',    'never',    'never', 'never',  'any'],
  'agents.promote':          ['any',   'never',    'never',    'never', 'never',  'never'],
  'agents.demote':           ['any',   'any',      'never',    'never', 'never',  'any'],
  'agents.incident':         ['any',   'any',      'never',    'never', 'never',  'any'],
  'agents.attest':           ['any',   'never',    'never',    'never', 'never',  'never'],
  'agents.confidence':       ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'agents.transitions':      ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'agents.timeline':         ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'agents.promotion':        ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'agents.incidents':        ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'agents.close_incident':   ['any',   'never',    'never',    'never', 'never',  'never'],
  'agents.suggestions':      ['any',   'any',      'redacted', 'never', 'scoped', 'any'],

  'decisions.get':           ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'decisions.report':        ['any',   'any',      'never',    'own',   'scoped', 'any'],
  'runs.finish':             ['any',   'any',      'never',    'own',   'scoped', 'any'],
  'blocked_triggers.get':    ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'blocked_triggers.list':   ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'training_proposals.get':  ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'training_proposals.list': ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'blocked_triggers.retry':  ['any',   'any',      'never',    'own',   'scoped', 'any'],
  'training_proposals.approve': ['any', 'any',    'never',    'never', 'never',  'never'],
  'training_proposals.reject': ['any', 'any',     'never',    'never', 'never',  'never'],
  'training_proposals.design': ['any', 'any',     'never',    'never', 'never',  'any'],
  'training_sessions.get':   ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'training_sessions.list':  ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'training_sessions.start': ['any',   'any',      'never',    'never', 'never',  'any'],
  'training_sessions.pause': ['any',   'any',      'never',    'never', 'never',  'any'],
  'training_sessions.resume': ['any',  'any',      'never',    'never', 'never',  'any'],
  'training_sessions.cancel': ['any',  'any',      'never',    'never', 'never',  'any'],
  'training_sessions.answer': ['any',  'any',      'never',    'own',   'scoped', 'never'],
  'training_sessions.complete': ['any', 'any',     'never',    'never', 'never',  'never'],
  'scenarios.list':          ['any',   'any',      'never',    'never', 'never',  'any'],
  'scenarios.import':        ['any',   'never',    'never',    'never', 'never',  'any'],
  'agents.training_history': ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'proposals.get':           ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'proposals.list':          ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'proposals.card':          ['any',   'any',      'redacted', 'never', 'scoped', 'any'],
  'proposals.approve':       ['any',   'any',      'never',    'never', 'never',  'never'],
  'proposals.reject':        ['any',   'any',      'never',    'never', 'never',  'never'],
  'proposals.respond':       ['any',   'any',      'never',    'never', 'never',  'never'],
  'proposals.cancel':        ['any',   'any',      'never',    'own',   'scoped', 'any'],
  'proposals.resolve':       ['any',   'any',      'never',    'never', 'never',  'never'],
  'grants.preview':          ['any',   'any',      'never',    'never', 'never',  'never'],
  'grants.create':           ['any',   'any',      'never',    'never', 'never',  'never'],
  'grants.get':              ['any',   'any',      'redacted', 'never', 'scoped', 'any'],
  'grants.list':             ['any',   'any',      'redacted', 'never', 'scoped', 'any'],
  'grants.revoke':           ['any',   'any',      'never',    'never', 'never',  'any'],
  'proposals.batch':         ['any',   'any',      'never',    'never', 'never',  'never'],
  'proposals.extend':        ['any',   'any',      'never',    'never', 'never',  'never'],
  'proposals.assign':        ['any',   'any',      'never',    'never', 'never',  'never'],
  'proposals.acknowledge':   ['any',   'any',      'never',    'never', 'never',  'never'],
  'proposals.snooze':        ['any',   'any',      'never',    'never', 'never',  'never'],
  'proposals.comment':       ['any',   'any',      'never',    'never', 'never',  'never'],
  'proposals.comments':      ['any',   'any',      'never',    'never', 'never',  'never'],
  'proposals.advise':        ['any',   'any',      'never',    'never', 'never',  'any'],
  'proposals.advices':       ['any',   'any',      'never',    'never', 'never',  'any'],
  'proposals.review':        ['any',   'any',      'never',    'never', 'never',  'any'],
  'reviews.get':             ['any',   'any',      'never',    'never', 'never',  'any'],
  'reviews.list':            ['any',   'any',      'never',    'never', 'never',  'any'],
  'reviewers.list':          ['any',   'any',      'never',    'never', 'never',  'any'],
  'reviewers.suspend':       ['any',   'any',      'never',    'never', 'never',  'any'],
  'reviewers.resume':        ['any',   'never',    'never',    'never', 'never',  'never'],
  'proposals.history':       ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'sessions.get':            ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'sessions.list':           ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'sessions.attach':         ['any',   'any',      'never',    'never', 'never',  'never'],
  'sessions.events':         ['any',   'any',      'never',    'never', 'never',  'any'],
  'sessions.intervene':      ['any',   'any',      'never',    'never', 'never',  'never'],
  'sessions.object':         ['any',   'any',      'never',    'never', 'never',  'never'],
  'sessions.hand_over':      ['any',   'any',      'never',    'never', 'never',  'never'],
  'sessions.take_over':      ['any',   'any',      'never',    'never', 'never',  'never'],
  'sessions.complete':       ['any',   'any',      'never',    'never', 'never',  'never'],
  'queue.get':               ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'queue.list':              ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'queue.waiting':           ['any',   'any',      'redacted', 'never', 'scoped', 'any'],
  'queue.stats':             ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'queue.cancel':            ['any',   'any',      'never',    'own',   'scoped', 'any'],
  'queue.prioritize':        ['any',   'any',      'never',    'never', 'never',  'never'],
  'queue.process':           ['any',   'any',      'never',    'never', 'scoped', 'any'],
  'queue.expire':            ['any',   'any',      'never',    'never', 'scoped', 'any'],
  'queue.resolve':           ['any',   'any',      'never',    'never', 'never',  'never'],

  'policies.get':            ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'policies.list':           ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'policies.put':            ['any',   'never',    'never',    'never', 'never',  'any'],
  'policies.simulate':       ['any',   'any',      'never',    'never', 'scoped', 'any'],
  'policies.shadow':         ['any',   'any',      'never',    'never', 'scoped', 'any'],
  'journal.list':            ['any',   'any',      'redacted', 'own',   'scoped', 'any'],
  'journal.export':          ['any',   'any',      'never',    'never', 'scoped', 'any'],
  'journal.verify':          ['any',   'any',      'never',    'never', 'scoped', 'any'],
  'keys.create':             ['any',   'never',    'never',    'never', 'never',  'any'],
  'keys.list':               ['any',   'never',    'never',    'never', 'never',  'any'],
  'keys.rotate':             ['any',   'never',    'never',    'never', 'never',  'any'],
  'keys.revoke':             ['any',   'never',    'never',    'never', 'never',  'any'],
  'stops.set':               ['any',   'any',      'never',    'never', 'scoped', 'any'],
  'stops.set_all':           ['never', 'never',    'never',    'never', 'never',  'any'],
  'stops.list':              ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'stops.lift':              ['any',   'never',    'never',    'never', 'never',  'any'],
  'stops.lift_all':          ['never', 'never',    'never',    'never', 'never',  'any'],
  'bypasses.set':            ['any',   'never',    'never',    'never', 'never',  'never'],
  'bypasses.list':           ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'bypasses.lift':           ['any',   'never',    'never',    'never', 'never',  'any'],
  'members.put':             ['any',   'never',    'never',    'never', 'never',  'any'],
  'members.list':            ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'members.remove':          ['any',   'never',    'never',    'never', 'never',  'any'],
  'workspaces.create':       ['never', 'never',    'never',    'never', 'never',  'any'],
  'workspaces.list':         ['never', 'never',    'never',    'never', 'never',  'any'],
  'presence.heartbeat':      ['own',   'own',      'never',    'never', 'never',  'never'],
  'presence.get':            ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'presence.available':      ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'presence.override':       ['any',   'own',      'never',    'never', 'never',  'never'],
  'presence.clear_override': ['any',   'own',      'never',    'never', 'never',  'never'],
  'presence.sessions':       ['any',   'own',      'never',    'never', 'never',  'never'],
  'presence.end_session':    ['any',   'own',      'never',    'never', 'never',  'never'],

  'webhooks.create':         ['any',   'never',    'never',    'never', 'never',  'any'],
  'webhooks.list':           ['any',   'never',    'never',    'never', 'never',  'any'],
  'webhooks.get':            ['any',   'never',    'never',    'never', 'never',  'any'],
  'webhooks.remove':         ['any',   'never',    'never',    'never', 'never',  'any'],
  'webhooks.deliveries':     ['any',   'never',    'never',    'never', 'never',  'any'],
  'webhooks.replay':         ['any',   'never',    'never',    'never', 'never',  'any'],
  'webhooks.test':          ['any',   'never',    'never',    'never', 'never',  'any'],
  'escalations.create':      ['any',   'never',    'never',    'never', 'never',  'any'],
  'escalations.list':        ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'escalations.remove':      ['any',   'never',    'never',    'never', 'never',  'any'],
  'alerts.list':             ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'alerts.acknowledge':      ['any',   'any',      'never',    'never', 'never',  'any'],
  'alerts.mute':             ['any',   'any',      'never',    'never', 'never',  'any'],
  'alerts.settings':         ['any',   'any',      'any',      'never', 'never',  'any'],
  'alerts.preview_rule':     ['any',   'any',      'never',    'never', 'never',  'any'],
  'alerts.change_rule':      ['any',   'never',    'never',    'never', 'never',  'any'],
  'alerts.tell':             ['any',   'never',    'never',    'never', 'never',  'any'],

  'playbooks.write':         ['any',   'any',      'never',    'never', 'never',  'any'],
  'playbooks.get':           ['any',   'any',      'redacted', 'never', 'scoped', 'any'],
  'playbooks.list':          ['any',   'any',      'redacted', 'never', 'scoped', 'any'],
  'playbooks.version':       ['any',   'any',      'redacted', 'never', 'scoped', 'any'],
  'playbooks.versions':      ['any',   'any',      'redacted', 'never', 'scoped', 'any'],
  'playbooks.diff':          ['any',   'any',      'redacted', 'never', 'scoped', 'any'],
  'playbooks.deploy':        ['any',   'any',      'never',    'never', 'never',  'any'],
  'playbooks.rollback':      ['any',   'any',      'never',    'never', 'never',  'any'],
  'playbooks.deployments':   ['any',   'any',      'redacted', 'never', 'scoped', 'any'],
  'playbooks.effective':     ['any',   'any',      'redacted', 'own',   'scoped', 'any'],

  'analytics.summary':      ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'analytics.decisions':    ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'analytics.routing':      ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'analytics.maturity':     ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'analytics.reviewers':    ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'analytics.training':     ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'analytics.supervision':  ['any',   'any',      'any',      'never', 'scoped', 'any'],
  'analytics.system':       ['any',   'any',      'any',      'never', 'scoped', 'any'],

  'health.read':             ['any',   'any',      'any',      'any',   'any',    'any'],
  'openapi.read':            ['any',   'any',      'any',      'any',   'any',    'any'],
} as const

/** Name of an operation, noun.verb. */
export type Operation = keyof typeof TABLE

/**
 * Who may do what: one row for every operation, after the role matrix. What has no row is denied. The system
 * administers (it makes the first key), but never stands in for the judgement of a person.
 */
export const PERMISSIONS: Readonly<Record<Operation, Permission>> = readPermissions(TABLE)

/** Every operation. */
export const OPERATIONS: readonly Operation[] = Object.keys(PERMISSIONS).filter(isOperation)

/** Operations that need no credential. */
export const OPEN_OPERATIONS: ReadonlySet<Operation> = new Set<Operation>(['health.read', 'openapi.read'])

/** Operations that are asked in addition to another one and have no route of their own. */
export const REFINEMENTS: Readonly<Partial<Record<Operation, Operation>>> = {
  'agents.set_start': 'agents.register',
  'stops.set_all': 'stops.set',
  'stops.lift_all': 'stops.lift',
}

/** Tells whether a text from outside names an operation; `constructor` and the like do not. */
export function isOperation(value: unknown): value is Operation {
  return typeof value === 'string' && Object.hasOwn(TABLE, value)
}

/** Tells whether a permission lets a service perform an operation that is among its scopes. */
export function isForServices(permission: Permission | undefined): boolean {
  return permission?.service === 'scoped'
}

/** Reads a table with one operation a line. */
export function readPermissions<Name extends string>(
  table: Readonly<Record<Name, PermissionRow>>,
): Readonly<Record<Name, Permission>> {
  const rows = Object.entries<PermissionRow>(table).map(
    ([operation, [admin, supervisor, viewer, agent, service, system]]) =>
      [operation, { admin, supervisor, viewer, agent, service, system }] as const,
  )
  // Every name of the table is one of the result.
  return Object.fromEntries(rows) as Record<Name, Permission>
}
