import type { Incident, Page } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { listIncidents } from './incident-store.ts'
import type { AgentPageRequest } from './read-ledger.ts'

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readIncidents(
  context: GovernorContext,
  actor: Actor,
  request: AgentPageRequest,
): Promise<Page<Incident>> {
  authorize(actor, 'agents.incidents', { agent: request.agent })
  const limit = parseLimit(request.limit)
  const before = cursorTimePlace(request.cursor)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, request.agent)
    const incidents = await listIncidents(tx, { agent: request.agent, before, limit })
    return pageOf(incidents, limit, ({ createdAt, id }) => [createdAt, id])
  })
}
