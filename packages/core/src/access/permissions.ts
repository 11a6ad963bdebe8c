// biome-ignore-all format: a table, one operation a line

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
  /** Needs no credential at all. */
  readonly open?: true
  /** Asked in addition to another operation, whose route it shares. */
  readonly within?: string
  /** The use case also refuses the principal where it would judge itself: owner, own role, own key. */
  readonly separated?: true
}

type Row = readonly [admin: Access, supervisor: Access, viewer: Access, agent: Access, service: Access, system: Access]

const row = ([admin, supervisor, viewer, agent, service, system]: Row, more: Partial<Permission> = {}): Permission =>
  ({ admin, supervisor, viewer, agent, service, system, ...more })

const READ: Row =       ['any', 'any', 'redacted', 'own', 'scoped', 'any']
const READ_SHARED: Row = ['any', 'any', 'any', 'never', 'scoped', 'any']
const ATTEMPT: Row =    ['any', 'any', 'never', 'own', 'scoped', 'any']
const TIGHTEN: Row =    ['any', 'any', 'never', 'never', 'scoped', 'any']
const ADMINISTER: Row = ['any', 'never', 'never', 'never', 'never', 'any']
const ADMIN_OR_SCOPE: Row = ['any', 'never', 'never', 'never', 'scoped', 'any']
const JUDGE_ADMIN: Row = ['any', 'never', 'never', 'never', 'never', 'never']
const EVERYBODY: Row =  ['any', 'any', 'any', 'any', 'any', 'any']

const TABLE = {
  'triggers.decide':          row(ATTEMPT),
  'triggers.check':           row(ATTEMPT),
  'actions.register':         row(ADMIN_OR_SCOPE),

  'agents.register':          row(ADMIN_OR_SCOPE),
  'agents.set_start':         row(ADMINISTER, { within: 'agents.register' }),
  'agents.get':               row(READ),
  'agents.list':              row(READ),
  'agents.change':            row(ADMINISTER),
  'agents.pause':             row(TIGHTEN),
  'agents.resume':            row(ADMINISTER),
  'agents.stop':              row(TIGHTEN),
  'agents.retire':            row(ADMINISTER),
  'agents.promote':           row(JUDGE_ADMIN, { separated: true }),
  'agents.demote':            row(['any', 'any', 'never', 'never', 'never', 'any']),
  'agents.incident':          row(['any', 'any', 'never', 'never', 'never', 'any']),
  'agents.attest':            row(JUDGE_ADMIN),
  'agents.confidence':        row(READ),
  'agents.transitions':       row(READ),

  'decisions.get':            row(READ),
  'blocked_triggers.get':     row(READ),
  'blocked_triggers.list':    row(READ),
  'training_proposals.get':   row(READ),
  'training_proposals.list':  row(READ),
  'proposals.get':            row(READ),
  'proposals.list':           row(READ),
  'sessions.get':             row(READ),
  'sessions.list':            row(READ),
  'sessions.attach':          row(['any', 'any', 'never', 'never', 'never', 'never'], { separated: true }),
  'queue.get':                row(READ),
  'queue.list':               row(READ),

  'policies.get':             row(READ_SHARED),
  'policies.list':            row(READ_SHARED),
  'policies.put':             row(ADMINISTER),
  'journal.list':             row(READ),
  'journal.verify':           row(['any', 'any', 'never', 'never', 'scoped', 'any']),
  'keys.create':              row(ADMINISTER, { separated: true }),
  'keys.list':                row(ADMINISTER),
  'keys.revoke':              row(ADMINISTER),
  'stops.set':                row(TIGHTEN),
  'stops.set_all':            row(['never', 'never', 'never', 'never', 'never', 'any'], { within: 'stops.set' }),
  'stops.list':               row(READ_SHARED),
  'stops.lift':               row(ADMINISTER),
  'stops.lift_all':           row(['never', 'never', 'never', 'never', 'never', 'any'], { within: 'stops.lift' }),
  'members.put':              row(ADMINISTER, { separated: true }),
  'members.list':             row(READ_SHARED),
  'presence.heartbeat':       row(['own', 'own', 'never', 'never', 'never', 'never']),
  'presence.get':             row(READ_SHARED),
  'presence.available':       row(READ_SHARED),

  'health.read':              row(EVERYBODY, { open: true }),
  'openapi.read':             row(EVERYBODY, { open: true }),
} as const satisfies Record<string, Permission>

/** Name of an operation, noun.verb. */
export type Operation = keyof typeof TABLE

/**
 * Who may do what: one row for every operation, after the role matrix. What has no row is denied. The system
 * administers (it makes the first key), but never stands in for the judgement of a person.
 */
export const PERMISSIONS: Readonly<Record<Operation, Permission>> = TABLE

/** Every operation. */
export const OPERATIONS: readonly Operation[] = Object.keys(PERMISSIONS).filter(isOperation)

/** Tells whether a text from outside names an operation; `constructor` and the like do not. */
export function isOperation(value: unknown): value is Operation {
  return typeof value === 'string' && Object.hasOwn(PERMISSIONS, value)
}
