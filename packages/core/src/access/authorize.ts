import { type ErrorCode, GovernanceError, type JsonObject, type Role } from '@preceptor/client'
import { type Actor, actorName } from './actor.ts'
import { type Access, type Operation, PERMISSIONS, type Permission } from './permissions.ts'

/** What an operation is about, where the caller knows it before it looks. */
export interface AuthorizationTarget {
  /** Id of the agent. */
  readonly agent?: string
  /** Id of the user. */
  readonly user?: string
}

const ROLES: readonly Role[] = ['admin', 'supervisor', 'viewer']
const WIDEST_FIRST: readonly Access[] = ['any', 'scoped', 'own', 'redacted']

/** Who may do what, by one table of operations. */
export interface Authorizer<Name extends string> {
  /** What the table grants a principal, before the target is looked at: the widest of the roles of a user. */
  accessOf(actor: Pick<Actor, 'principal'>, operation: Name): Access
  /**
   * Lets an actor perform an operation, or throws; answers how far it may.
   *
   * @throws GovernanceError `PERMISSION_DENIED` naming the missing role or scope, or `AGENT_MISMATCH` for an attempt in
   * the name of another agent.
   */
  authorize(actor: Actor, operation: Name, target?: AuthorizationTarget): Access
  /** Tells whether a record that was found may be shown; where it may not, answer as if it did not exist. */
  mayRead(actor: Actor, operation: Name, record: { readonly agent: string | null }): boolean
}

/** Makes the authorizer of a table of operations; what has no row in it is denied. */
export function createAuthorizer<Name extends string>(table: Readonly<Record<Name, Permission>>): Authorizer<Name> {
  // The type says that an operation is known; a caller in JavaScript may not keep to it.
  const permissionOf = (operation: Name): Permission | undefined =>
    Object.hasOwn(table, operation) ? table[operation] : undefined
  const grantedTo = (actor: Pick<Actor, 'principal'>, operation: Name): Access =>
    grantedBy(permissionOf(operation), actor, operation)
  return {
    accessOf: grantedTo,
    authorize(actor, operation, target = {}) {
      const access = grantedTo(actor, operation)
      if (access === 'never') throw denied(actor, operation, permissionOf(operation))
      assertTarget(actor, operation, { target, access })
      return access
    },
    mayRead(actor, operation, record) {
      if (grantedTo(actor, operation) === 'never') return false
      const agents = agentFilter(actor)
      return agents === null || (record.agent !== null && agents.includes(record.agent))
    },
  }
}

function grantedBy(
  permission: Permission | undefined,
  { principal }: Pick<Actor, 'principal'>,
  operation: string,
): Access {
  if (permission === undefined) return 'never'
  switch (principal.kind) {
    case 'user': {
      const granted = ROLES.filter((role) => principal.roles.includes(role)).map((role) => permission[role])
      return WIDEST_FIRST.find((access) => granted.includes(access)) ?? 'never'
    }
    case 'agent':
      return permission.agent
    case 'service':
      return permission.service === 'scoped' && principal.scopes?.includes(operation) !== true
        ? 'never'
        : permission.service
    case 'system':
      return permission.system
    default:
      principal.kind satisfies never
      return 'never'
  }
}

function assertTarget(
  actor: Actor,
  operation: string,
  { target, access }: { readonly target: AuthorizationTarget; readonly access: Access },
): void {
  const agents = agentFilter(actor)
  if (target.agent !== undefined && agents !== null && !agents.includes(target.agent)) {
    throw foreignAgent(actor, operation)
  }
  if (target.user !== undefined && access === 'own' && target.user !== actor.principal.id) {
    throw new GovernanceError('PERMISSION_DENIED', {
      message: `${actorName(actor)} may perform ${operation} only for itself.`,
      hint: 'Use the credential of that user.',
    })
  }
}

const CORE = createAuthorizer<Operation>(PERMISSIONS)

/** What the table of core grants a principal, before the target is looked at: the widest of the roles of a user. */
export function accessOf(actor: Pick<Actor, 'principal'>, operation: Operation): Access {
  return CORE.accessOf(actor, operation)
}

/**
 * Lets an actor perform an operation of core, or throws; answers how far it may.
 *
 * @throws GovernanceError `PERMISSION_DENIED` naming the missing role or scope, or `AGENT_MISMATCH` for an attempt in
 * the name of another agent.
 */
export function authorize(actor: Actor, operation: Operation, target: AuthorizationTarget = {}): Access {
  return CORE.authorize(actor, operation, target)
}

/** The agents whose records an actor may see or act for; null: all of the workspace. */
export function agentFilter({ principal }: Pick<Actor, 'principal'>): readonly string[] | null {
  if (principal.kind === 'agent') return [principal.id]
  if (principal.kind === 'service') return principal.agents ?? null
  return null
}

/** Tells whether a record that was found may be shown; where it may not, answer as if it did not exist. */
export function mayRead(actor: Actor, operation: Operation, record: { readonly agent: string | null }): boolean {
  return CORE.mayRead(actor, operation, record)
}

const REDACTED = '[redacted]'

/** The args of a record as an actor may see them: a viewer learns their names, not their values. */
export function visibleArgs<T extends JsonObject | null>(actor: Actor, operation: Operation, args: T): T | JsonObject {
  if (args === null || accessOf(actor, operation) !== 'redacted') return args
  return Object.fromEntries(Object.keys(args).map((name) => [name, REDACTED]))
}

function foreignAgent(actor: Actor, operation: string): GovernanceError {
  const isAttempt = operation === 'triggers.decide' || operation === 'triggers.check'
  const code: ErrorCode = actor.principal.kind === 'agent' && isAttempt ? 'AGENT_MISMATCH' : 'PERMISSION_DENIED'
  return new GovernanceError(code, { message: `${actorName(actor)} may not perform ${operation} for another agent.` })
}

function denied(actor: Actor, operation: string, permission: Permission | undefined): GovernanceError {
  const message = `${actorName(actor)} may not perform ${String(operation).slice(0, 64)}`
  const why = permission === undefined ? 'there is no such operation' : missing(actor, operation, permission)
  return new GovernanceError('PERMISSION_DENIED', { message: `${message}: ${why}.` })
}

function missing({ principal }: Actor, operation: string, permission: Permission): string {
  if (principal.kind === 'service' && permission.service === 'scoped') return `the scope ${operation} is missing`
  const roles = ROLES.filter((role) => permission[role] !== 'never')
  if (principal.kind === 'user' && roles.length > 0) return `the role ${roles.join(' or ')} is missing`
  return roles.length > 0 ? `it is for users with the role ${roles.join(' or ')}` : 'it is for the system only'
}
