import type { Page } from '@preceptor/client'
import { type Actor, cursorTimePlace, inWorkspace, pageOf, parseLimit, recordNotFound } from '@preceptor/core/plugin'
import type { Delegation, DelegationQuery } from '../../client/delegations.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { maySee, viewerOf } from '../assert-role.ts'
import { findCollaboration } from '../collaboration-store.ts'
import { parseId } from '../texts.ts'
import { visibleDelegation } from '../visible.ts'
import { findDelegation, listDelegations, shownDelegation } from './delegation-store.ts'
import { parseDelegationQuery } from './parse-delegation.ts'

/** @throws GovernanceError `NOT_FOUND`, also for what the actor may not see; `PERMISSION_DENIED`. */
export async function readDelegation(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  wanted: string,
): Promise<Delegation> {
  const access = authorizer.authorize(actor, 'orchestration.delegations.get')
  const id = parseId(wanted)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const found = await findDelegation(tx, id)
    const session = found && (await findCollaboration(tx, found.collaboration))
    if (found === undefined || session === undefined || !maySee(actor, session)) throw recordNotFound('delegation', id)
    return visibleDelegation(access, shownDelegation(found))
  })
}

/** Lists delegations that the actor may see, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readDelegations(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  query: DelegationQuery,
): Promise<Page<Delegation>> {
  const access = authorizer.authorize(actor, 'orchestration.delegations.list')
  const limit = parseLimit(query.limit)
  const filter = { ...parseDelegationQuery(query), ...viewerOf(actor), before: cursorTimePlace(query.cursor), limit }
  const rows = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => listDelegations(tx, filter))
  const page = pageOf(rows, limit, ({ createdAt, id }) => [createdAt, id])
  return { ...page, items: page.items.map((one) => visibleDelegation(access, shownDelegation(one))) }
}
