import { GovernanceError } from '@preceptor/client'
import { type Actor, recordNotFound, type Tx } from '@preceptor/core/plugin'
import { assertActs, maySee } from '../assert-role.ts'
import { holdCollaboration } from '../collaboration-store.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { findDelegation, type StoredDelegation } from './delegation-store.ts'

/**
 * Finds a delegation for a change and holds its collaboration.
 *
 * @throws GovernanceError `NOT_FOUND`, also for what the actor may not see; `STOPPED`, `AGENT_PAUSED`, `AGENT_STOPPED`,
 * `AGENT_RETIRED` for an agent.
 */
export async function holdDelegation(
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<{ readonly session: StoredCollaboration; readonly delegation: StoredDelegation }> {
  const found = await findDelegation(tx, id)
  const session = found && (await holdCollaboration(tx, found.collaboration))
  // Again, now that nobody else changes it.
  const delegation = session && (await findDelegation(tx, id))
  if (session === undefined || delegation === undefined || !maySee(actor, session)) {
    throw recordNotFound('delegation', id)
  }
  await assertActs(tx, actor)
  return { session, delegation }
}

/** The error for a delegation that ended before. */
export function endedBefore({ id, state }: StoredDelegation): GovernanceError {
  return new GovernanceError('CONFLICT', { message: `The delegation ${id} is ${state}.` })
}
