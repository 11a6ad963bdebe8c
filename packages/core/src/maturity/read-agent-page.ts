import type { Page, PageQuery } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { Operation } from '../access/permissions.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { cursorTimePlace, pageOf, parseLimit, type TimePlace } from '../kernel/pagination.ts'

/** What reads a page that belongs to one agent. */
export interface AgentPageRequest extends PageQuery {
  readonly agent: string
}

/** How one kind of record of an agent is read. */
export interface AgentPageReader<Row> {
  readonly operation: Operation
  /** Newest first, one more than the limit. */
  readonly list: (
    tx: Tx,
    query: { readonly agent: string; readonly before: TimePlace | null; readonly limit: number },
  ) => Promise<readonly Row[]>
}

/** Reads a page of what belongs to one agent, newest first. */
export async function readAgentPage<Row extends { readonly id: string; readonly createdAt: string }>(
  context: GovernorContext,
  actor: Actor,
  { operation, list, ...request }: AgentPageRequest & AgentPageReader<Row>,
): Promise<Page<Row>> {
  const { agent } = request
  authorize(actor, operation, { agent })
  const limit = parseLimit(request.limit)
  const before = cursorTimePlace(request.cursor)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, agent)
    return pageOf(await list(tx, { agent, before, limit }), limit, ({ createdAt, id }) => [createdAt, id])
  })
}
