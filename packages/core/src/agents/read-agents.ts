import type { Agent, AgentQuery, Page } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { agentFilter, authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { cursorText, pageOf, parseLimit } from '../kernel/pagination.ts'
import { getAgent } from './get-agent.ts'
import { listAgents } from './store.ts'

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readAgent(context: GovernorContext, actor: Actor, id: string): Promise<Agent> {
  authorize(actor, 'agents.get', { agent: id })
  return inWorkspace(context.database, { workspace: actor.workspace }, (tx) => getAgent(tx, id))
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readAgents(context: GovernorContext, actor: Actor, query: AgentQuery): Promise<Page<Agent>> {
  authorize(actor, 'agents.list')
  const limit = parseLimit(query.limit)
  const after = cursorText(query.cursor)
  const agents = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listAgents(tx, { ...query, limit, after, only: agentFilter(actor) }),
  )
  return pageOf(agents, limit, (agent) => [agent.id])
}
