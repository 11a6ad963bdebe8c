import { GovernanceError, type Presence } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { availableSupervisors, stateOf } from './available-supervisors.ts'
import { findPresence, type PresenceRow, recordActivity } from './presence-store.ts'

/**
 * Records that the calling user acted just now.
 *
 * @throws GovernanceError `PERMISSION_DENIED`, `NOT_FOUND` for a user who is no member, or the code of a fault.
 */
export async function heartbeat(context: GovernorContext, actor: Actor): Promise<Presence> {
  const userId = actor.principal.id
  authorize(actor, 'presence.heartbeat', { user: userId })
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    if (!(await recordActivity(tx, userId, isoTime(context.clock.now())))) {
      throw new GovernanceError('NOT_FOUND', { message: `The user "${userId}" is no member of this workspace.` })
    }
    return presenceOf(context, userId, await findPresence(tx, userId))
  })
}

/** @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault. */
export async function readPresence(context: GovernorContext, actor: Actor, userId: string): Promise<Presence> {
  authorize(actor, 'presence.get')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) =>
    presenceOf(context, userId, await findPresence(tx, userId)),
  )
}

/** @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault. */
export async function readAvailableSupervisors(context: GovernorContext, actor: Actor): Promise<readonly Presence[]> {
  authorize(actor, 'presence.available')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const supervisors = await availableSupervisors(context, tx, null)
    return supervisors.map((supervisor) => presenceOf(context, supervisor.userId, supervisor))
  })
}

function presenceOf(context: GovernorContext, userId: string, row: PresenceRow | undefined): Presence {
  if (row === undefined) return { userId, state: 'offline', lastActivityAt: null }
  return { userId, state: stateOf(context, row), lastActivityAt: row.lastActivityAt }
}
