import type { JsonValue } from '@preceptor/client'
import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { CollaborationMember } from '../../client/collaboration.ts'
import type { Delegation } from '../../client/delegations.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { COLLABORATION } from '../collaboration-actor.ts'
import { takeTurnsBack } from '../give-turn.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { deadlineFrom } from './add-delegation.ts'
import { advanceDelegations } from './advance-delegations.ts'
import { chooseMember } from './choose-member.ts'
import { delegationsOf, endDelegation, giveDelegation, type StoredDelegation } from './delegation-store.ts'

/** Records what came of a delegation and goes on; false when it ended before. */
export async function completeDelegated(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  {
    delegation,
    output,
    by,
  }: { readonly delegation: StoredDelegation; readonly output: JsonValue; readonly by: string },
): Promise<boolean> {
  const { clock, journal } = ports.context
  const at = isoTime(clock.now())
  const { id, to } = delegation
  if (!(await endDelegation(tx, id, { state: 'completed', output, failure: null, at }))) return false
  await takeTurnsBack(ports, tx, { collaboration: session.id, delegation: id })
  const body = { actor: by, collaboration: session.id, to }
  await journal.append(tx, { kind: 'delegation.completed', subject: id, ...heardBy(delegation.member), body })
  await advanceDelegations(ports, tx, session)
  return true
}

/**
 * Gives a delegation that was not done to another agent, once; where there is none, or it was, it failed. It fails at once
 * where nobody knows whether it took effect: done by somebody else, it might be done twice.
 */
export async function missDelegated(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  {
    delegation,
    failure,
  }: { readonly delegation: StoredDelegation; readonly failure: NonNullable<Delegation['failure']> },
): Promise<void> {
  const { clock, journal } = ports.context
  const { id, to } = delegation
  const all = await delegationsOf(tx, session.id)
  const mayBeGiven = !delegation.isRetried && failure.code !== 'OUTCOME_UNKNOWN'
  const next = mayBeGiven ? chooseMember(session.members, delegation, all) : undefined
  if (next !== undefined) {
    const change = { by: COLLABORATION, to: next, reason: failure.message, isRetry: true }
    await giveTo(ports, tx, session, { delegation, ...change })
    return
  }
  if (!(await endDelegation(tx, id, { state: 'failed', output: null, failure, at: isoTime(clock.now()) }))) return
  await takeTurnsBack(ports, tx, { collaboration: session.id, delegation: id })
  const body = { actor: COLLABORATION, collaboration: session.id, to, state: 'failed', code: failure.code }
  await journal.append(tx, { kind: 'delegation.failed', subject: id, ...heardBy(delegation.member), body })
  await advanceDelegations(ports, tx, session)
}

/** Gives a delegation to another member, with as much time as it had; false when it ended before. */
export async function giveTo(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  change: {
    readonly delegation: StoredDelegation
    readonly to: CollaborationMember
    readonly by: string
    readonly reason: string
    /** Whether it is because of a failure or a deadline, which happens once. */
    readonly isRetry: boolean
  },
): Promise<boolean> {
  const { clock, journal } = ports.context
  const { delegation, to, by, reason, isRetry } = change
  const deadline = deadlineFrom(clock.now(), delegation.deadlineSeconds)
  if (!(await giveDelegation(tx, delegation.id, { member: to, deadline, isRetry }))) return false
  await takeTurnsBack(ports, tx, { collaboration: session.id, delegation: delegation.id })
  const body = { actor: by, collaboration: session.id, from: delegation.to, to: to.name, deadline, reason }
  await journal.append(tx, { kind: 'delegation.reassigned', subject: delegation.id, ...heardBy(to), body })
  await advanceDelegations(ports, tx, session)
  return true
}

/** A delegation is heard on the topic of the agent that has it. */
function heardBy({ kind, id }: Pick<CollaborationMember, 'kind' | 'id'>): { readonly agent?: string } {
  return kind === 'agent' ? { agent: id } : {}
}
