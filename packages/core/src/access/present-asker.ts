import type { Principal, Role } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { userOf } from './actor.ts'
import { isAnyRevoked, rolesOf } from './store.ts'

/** Who asked for something that is done later, as its record keeps it. */
export interface Asker {
  /** Such as `user:ana`. */
  readonly name: string
  /** The roles in which it was asked. */
  readonly roles: readonly Role[]
  /** Whether the workspace was seen to have the user as a member. */
  readonly isMember: boolean
  /** Id of the credential by which it was asked. */
  readonly credential: string | null
}

/** Who asked, with what is left of the rights. */
export interface PresentAsker {
  readonly principal: Principal
  /** Whether the workspace has, or had, the user as a member. */
  readonly isMember: boolean
}

/**
 * Looks again at who asked for something that is done now: a user has those of the roles that the membership still holds,
 * and nothing is left of who is no member any more, or whose key was revoked since. Who never was a member was let in by
 * a verified token, or by the host, and keeps the roles of then. Undefined also for agents and services, whose rights
 * only their credential holds.
 */
export async function presentAsker(tx: Tx, asker: Asker): Promise<PresentAsker | undefined> {
  const { name, roles, credential } = asker
  if (credential !== null && (await isAnyRevoked(tx, [credential]))) return undefined
  if (name.startsWith('system:')) {
    return { principal: { kind: 'system', id: name.slice('system:'.length), roles: [] }, isMember: false }
  }
  const id = userOf(name)
  if (id === undefined) return undefined
  const held = (await rolesOf(tx, [id])).get(id)
  if (held === undefined && asker.isMember) return undefined
  const left = held === undefined ? roles : roles.filter((role) => held.includes(role))
  return { principal: { kind: 'user', id, roles: left }, isMember: asker.isMember || held !== undefined }
}
