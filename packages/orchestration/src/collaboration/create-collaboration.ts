import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, getAgent, inWorkspace, isoTime, type Tx } from '@preceptor/core/plugin'
import type { Collaboration, CollaborationMember, CollaborationRequest } from '../client/collaboration.ts'
import type { CollaborationPorts } from '../ports/collaboration-ports.ts'
import { findCollaboration, insertCollaboration } from './collaboration-store.ts'
import { insertContext } from './exchange-store.ts'
import { parseCollaboration } from './parse-collaboration.ts'
import { shownCollaboration } from './stored-collaboration.ts'

/**
 * Makes a collaboration.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND` for an agent that is not there, `CONFLICT` for one that is retired,
 * `PERMISSION_DENIED`, or the code of a fault.
 */
export async function createCollaboration(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  request: CollaborationRequest,
): Promise<Collaboration> {
  authorizer.authorize(actor, 'orchestration.collaborations.create')
  const { context: shared, ...draft } = parseCollaboration(request)
  for (const { kind, id } of draft.members) {
    if (kind === 'agent') authorizer.authorize(actor, 'orchestration.collaborations.create', { agent: id })
  }
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    for (const member of draft.members) await assertMember(tx, member)
    const by = actorName(actor)
    const made = { ...draft, id: context.ids.next('col'), createdBy: by, createdAt: isoTime(context.clock.now()) }
    await insertCollaboration(tx, made)
    await insertContext(tx, made.id, { version: 1, value: shared, author: by, createdAt: made.createdAt })
    const members = made.members.map(({ name, role, action }) => ({ name, role, action }))
    const body = { actor: by, mode: made.mode, members }
    await context.journal.append(tx, { kind: 'collaboration.created', subject: made.id, body })
    const stored = await findCollaboration(tx, made.id)
    if (stored === undefined) throw new GovernanceError('FACT_INVALID')
    return shownCollaboration(stored)
  })
}

/** @throws GovernanceError `NOT_FOUND`, `CONFLICT` */
export async function assertMember(tx: Tx, { kind, id }: CollaborationMember): Promise<void> {
  if (kind === 'user') return
  const { lifecycle } = await getAgent(tx, id)
  if (lifecycle === 'retired') {
    throw new GovernanceError('CONFLICT', { message: `The agent ${JSON.stringify(id)} is retired.` })
  }
}
