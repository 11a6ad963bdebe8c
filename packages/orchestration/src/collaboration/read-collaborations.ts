import type { Page } from '@preceptor/client'
import { type Actor, cursorTimePlace, inWorkspace, pageOf, parseLimit } from '@preceptor/core/plugin'
import type { Collaboration, CollaborationDetail, CollaborationQuery } from '../client/collaboration.ts'
import type { CollaborationPorts } from '../ports/collaboration-ports.ts'
import { getVisible, viewerOf } from './assert-role.ts'
import { listCollaborations } from './collaboration-store.ts'
import { parseCollaborationQuery } from './parse-collaboration.ts'
import { shownCollaboration } from './stored-collaboration.ts'
import { parseId } from './texts.ts'
import { listTurns } from './turn-store.ts'
import { visibleCollaboration, visibleTurn } from './visible.ts'

/** @throws GovernanceError `NOT_FOUND`, also for what the actor may not see; `PERMISSION_DENIED`. */
export async function readCollaboration(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  wanted: string,
): Promise<CollaborationDetail> {
  const access = authorizer.authorize(actor, 'orchestration.collaborations.get')
  const id = parseId(wanted)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const found = shownCollaboration(await getVisible(tx, actor, id))
    const turns = await listTurns(tx, id)
    return { ...visibleCollaboration(access, found), turns: turns.map((turn) => visibleTurn(access, turn)) }
  })
}

/** Lists collaborations that the actor may see, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readCollaborations(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  query: CollaborationQuery,
): Promise<Page<Collaboration>> {
  const access = authorizer.authorize(actor, 'orchestration.collaborations.list')
  const limit = parseLimit(query.limit)
  const filter = { ...parseCollaborationQuery(query), ...viewerOf(actor), before: cursorTimePlace(query.cursor), limit }
  const rows = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listCollaborations(tx, filter),
  )
  const page = pageOf(rows, limit, ({ createdAt, id }) => [createdAt, id])
  return { ...page, items: page.items.map((one) => visibleCollaboration(access, shownCollaboration(one))) }
}
