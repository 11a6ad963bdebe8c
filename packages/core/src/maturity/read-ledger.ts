import type { ConfidenceEntry, MaturityTransition, Page, PageQuery } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { listEntries, listTransitions } from './store.ts'

/** What reads a page that belongs to one agent. */
export interface AgentPageRequest extends PageQuery {
  readonly agent: string
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readConfidence(
  context: GovernorContext,
  actor: Actor,
  request: AgentPageRequest,
): Promise<Page<ConfidenceEntry>> {
  authorize(actor, 'agents.confidence', { agent: request.agent })
  const limit = parseLimit(request.limit)
  const before = cursorTimePlace(request.cursor)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, request.agent)
    const entries = await listEntries(tx, { agent: request.agent, before, limit })
    return pageOf(entries, limit, ({ createdAt, id }) => [createdAt, id])
  })
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readTransitions(
  context: GovernorContext,
  actor: Actor,
  request: AgentPageRequest,
): Promise<Page<MaturityTransition>> {
  authorize(actor, 'agents.transitions', { agent: request.agent })
  const limit = parseLimit(request.limit)
  const before = cursorTimePlace(request.cursor)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, request.agent)
    const transitions = await listTransitions(tx, { agent: request.agent, before, limit })
    return pageOf(transitions, limit, ({ createdAt, id }) => [createdAt, id])
  })
}
