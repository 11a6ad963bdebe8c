import type { Page } from '@preceptor/client'
import { type Actor, cursorTimePlace, inWorkspace, pageOf, parseLimit, recordNotFound } from '@preceptor/core/plugin'
import type { Consensus, ConsensusDetail, ConsensusQuery } from '../../client/consensus.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { maySee, viewerOf } from '../assert-role.ts'
import { findCollaboration } from '../collaboration-store.ts'
import { parseId } from '../texts.ts'
import { visibleConsensus } from '../visible.ts'
import { findConsensus, listConsensus } from './consensus-store.ts'
import { parseConsensusQuery } from './parse-consensus.ts'
import { shownConsensus, shownDetail } from './shown-consensus.ts'

/** @throws GovernanceError `NOT_FOUND`, also for what the actor may not see; `PERMISSION_DENIED`. */
export async function readConsensus(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  wanted: string,
): Promise<ConsensusDetail> {
  const access = authorizer.authorize(actor, 'orchestration.consensus.get')
  const id = parseId(wanted)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const found = await findConsensus(tx, id)
    const session = found && (await findCollaboration(tx, found.collaboration))
    if (found === undefined || session === undefined || !maySee(actor, session)) throw recordNotFound('vote', id)
    return visibleConsensus(access, shownDetail(found))
  })
}

/** Lists votes that the actor may see, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readConsensusPage(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  query: ConsensusQuery,
): Promise<Page<Consensus>> {
  const access = authorizer.authorize(actor, 'orchestration.consensus.list')
  const limit = parseLimit(query.limit)
  const filter = { ...parseConsensusQuery(query), ...viewerOf(actor), before: cursorTimePlace(query.cursor), limit }
  const rows = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => listConsensus(tx, filter))
  const page = pageOf(rows, limit, ({ createdAt, id }) => [createdAt, id])
  return { ...page, items: page.items.map((one) => visibleConsensus(access, shownConsensus(one))) }
}
