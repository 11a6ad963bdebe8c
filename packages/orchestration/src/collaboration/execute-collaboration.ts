import { GovernanceError, type JsonObject } from '@preceptor/client'
import { type Actor, actorName, inWorkspace, isoTime, parseReason } from '@preceptor/core/plugin'
import type { Collaboration } from '../client/collaboration.ts'
import type { CollaborationPorts } from '../ports/collaboration-ports.ts'
import { getVisible, holdVisible } from './assert-role.ts'
import { startCollaboration } from './collaboration-store.ts'
import { endCollaboration } from './end-collaboration.ts'
import { beginMode, missingMembers } from './modes/modes.ts'
import { type StoredCollaboration, shownCollaboration } from './stored-collaboration.ts'
import { parseId, parseJsonObject } from './texts.ts'

/**
 * Begins a collaboration; its members are fixed from here on.
 *
 * @throws GovernanceError `CONFLICT` when it has begun or lacks the members that its mode needs, `NOT_FOUND`,
 * `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function executeCollaboration(
  ports: CollaborationPorts,
  actor: Actor,
  request: { readonly id: string; readonly input?: JsonObject },
): Promise<Collaboration> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.collaborations.execute')
  const id = parseId(request.id)
  const input = parseJsonObject(request.input ?? {}, 'input')
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const found = await holdVisible(tx, actor, id)
    const missing = missingMembers(found)
    if (missing !== null) throw new GovernanceError('CONFLICT', { message: `The collaboration ${id} ${missing}.` })
    const by = actorName(actor)
    if (!(await startCollaboration(tx, id, { input, by, at: isoTime(context.clock.now()) }))) throw notIn(found)
    const body = { actor: by, mode: found.mode, members: found.members.map(({ name }) => name) }
    await context.journal.append(tx, { kind: 'collaboration.started', subject: id, body })
    await beginMode(ports, tx, await getVisible(tx, actor, id))
    return shownCollaboration(await getVisible(tx, actor, id))
  })
}

/**
 * Ends a collaboration that has not ended: nobody is called any more, and what is open in it is cancelled.
 *
 * @throws GovernanceError `CONFLICT`, `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function cancelCollaboration(
  ports: CollaborationPorts,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<Collaboration> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.collaborations.cancel')
  const id = parseId(request.id)
  const reason = parseReason(request.reason)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const found = await holdVisible(tx, actor, id)
    const end = { state: 'cancelled', by: actorName(actor), reason } as const
    if (!(await endCollaboration(ports, tx, found, end))) throw notIn(found)
    return shownCollaboration(await getVisible(tx, actor, id))
  })
}

function notIn({ id, state }: StoredCollaboration): GovernanceError {
  return new GovernanceError('CONFLICT', { message: `The collaboration ${id} is ${state}.` })
}
