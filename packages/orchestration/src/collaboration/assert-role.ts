import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, agentFilter, assertAgentActs, recordNotFound, type Tx } from '@preceptor/core/plugin'
import type { CollaborationMember } from '../client/collaboration.ts'
import { findCollaboration, holdCollaboration, type Viewer } from './collaboration-store.ts'
import { findLead, findMember } from './members.ts'
import type { StoredCollaboration } from './stored-collaboration.ts'

/** Whose collaborations an actor may see: an agent its own, a service those whose agents are all its own. */
export function viewerOf(actor: Actor): Viewer {
  if (actor.principal.kind === 'agent') return { agent: actor.principal.id, agents: null }
  return { agent: null, agents: agentFilter(actor) }
}

/** Whether an actor may know that a collaboration is there. */
export function maySee(actor: Actor, { members }: Pick<StoredCollaboration, 'members'>): boolean {
  const { agent, agents } = viewerOf(actor)
  if (agent !== null) return members.some(({ kind, id }) => kind === 'agent' && id === agent)
  return agents === null || members.every(({ kind, id }) => kind === 'user' || agents.includes(id))
}

/** @throws GovernanceError `NOT_FOUND`, also for what the actor may not see. */
export async function getVisible(tx: Tx, actor: Actor, id: string): Promise<StoredCollaboration> {
  const found = await findCollaboration(tx, id)
  if (found === undefined || !maySee(actor, found)) throw recordNotFound('collaboration', id)
  return found
}

/**
 * The same for a change, held until the transaction ends.
 *
 * @throws GovernanceError `NOT_FOUND`; `STOPPED`, `AGENT_PAUSED`, `AGENT_STOPPED`, `AGENT_RETIRED` for an agent.
 */
export async function holdVisible(tx: Tx, actor: Actor, id: string): Promise<StoredCollaboration> {
  const found = await holdCollaboration(tx, id)
  if (found === undefined || !maySee(actor, found)) throw recordNotFound('collaboration', id)
  await assertActs(tx, actor)
  return found
}

/**
 * Refuses a change by an agent that may attempt nothing: what it does by its own credential passes no gate.
 *
 * @throws GovernanceError `STOPPED`, `AGENT_PAUSED`, `AGENT_STOPPED`, `AGENT_RETIRED`
 */
export async function assertActs(tx: Tx, { principal }: Actor): Promise<void> {
  if (principal.kind === 'agent') await assertAgentActs(tx, principal.id)
}

/** The member that an actor is, by its credential. @throws GovernanceError `MEMBER_REQUIRED` */
export function memberOf(actor: Actor, { id, members }: StoredCollaboration): CollaborationMember {
  const member = findMember(members, actorName(actor))
  if (member !== undefined) return member
  throw new GovernanceError('MEMBER_REQUIRED', { message: `${actorName(actor)} is no member of ${id}.` })
}

/** Lets people who supervise pass, and of agents the lead. @throws GovernanceError `MEMBER_REQUIRED` */
export function assertMayDirect(actor: Actor, { id, members }: StoredCollaboration): void {
  if (actor.principal.kind !== 'agent' || findLead(members)?.name === actorName(actor)) return
  throw new GovernanceError('MEMBER_REQUIRED', { message: `${actorName(actor)} does not lead ${id}.` })
}

/** @throws GovernanceError `CONFLICT` for one that has not begun, or ended. */
export function assertRuns({ id, state }: StoredCollaboration): void {
  if (state !== 'running') throw new GovernanceError('CONFLICT', { message: `The collaboration ${id} is ${state}.` })
}
