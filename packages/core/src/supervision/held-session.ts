import { GovernanceError, type SupervisionSession } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { hasHadHandIn } from '../agents/store.ts'
import type { Tx } from '../database/transaction.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { lockSession } from './store.ts'

const ENDED: readonly SupervisionSession['state'][] = ['completed', 'terminated', 'failed']

/** Whether a session is over. */
export function isOver({ state }: Pick<SupervisionSession, 'state'>): boolean {
  return ENDED.includes(state)
}

/** Whether somebody holds a session under a live lease; times in milliseconds since the epoch. */
export function isHeld(session: SupervisionSession, now: number): boolean {
  return leaseEnd(session) > now
}

/** When the lease of who holds a session ends, in milliseconds since the epoch; 0 where nobody ever did. */
export function leaseEnd({ supervisorLeaseExpiresAt: lease }: SupervisionSession): number {
  return lease === null ? 0 : Date.parse(lease)
}

/** Whether who holds a session is an agent: the ids of those stand with their kind. */
export function isAgent(supervisor: string): boolean {
  return supervisor.startsWith('agent:')
}

/** @throws GovernanceError `NOT_FOUND`, also for a session of another workspace. */
export async function getHeldSession(tx: Tx, id: string): Promise<SupervisionSession> {
  const session = await lockSession(tx, id)
  if (session === undefined) throw recordNotFound('supervision session', id)
  return session
}

/** @throws GovernanceError `CONFLICT` when it is over. */
export function assertGoesOn(session: SupervisionSession): void {
  if (!isOver(session)) return
  throw new GovernanceError('CONFLICT', {
    message: `The session ${session.id} is ${session.state}.`,
    details: { state: session.state },
  })
}

/**
 * Only who holds a session acts on it, and an administrator on any.
 *
 * @throws GovernanceError `PERMISSION_DENIED`
 */
export function assertHolder(actor: Actor, session: SupervisionSession, now: number): void {
  const { kind, id, roles } = actor.principal
  if (kind === 'user' && roles.includes('admin')) return
  if (session.supervisorId === id && isHeld(session, now)) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: `${actorName(actor)} does not hold the session ${session.id}.`,
    hint: 'Attach to it first, or take it over.',
  })
}

/**
 * Who has had a hand in an agent lets it go on nowhere.
 *
 * @throws GovernanceError `PERMISSION_DENIED`
 */
export async function assertNotInvolved(tx: Tx, actor: Actor, agent: string): Promise<void> {
  const policy = await newestPolicyDocument(tx)
  if (policy.separationOfDuties === false || !(await hasHadHandIn(tx, agent, actor.principal.id))) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: `Who owns the agent "${agent}", has owned it or has changed its owner cannot supervise it.`,
    hint: 'Let another supervisor do it, or switch separation of duties off in the policy.',
  })
}
