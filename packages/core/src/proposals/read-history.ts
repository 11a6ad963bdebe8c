import type { Page, Proposal, ProposalHistoryQuery } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize, visibleArgs } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { listDecided } from './store.ts'
import { visibleProposal } from './visible-proposal.ts'

const OPERATION = 'proposals.history'
const name = z.string().min(1).max(128).optional()

/**
 * Reads what was decided on the proposals of an agent, newest first.
 *
 * @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function readHistory(
  context: GovernorContext,
  actor: Actor,
  request: ProposalHistoryQuery & { readonly agent: string },
): Promise<Page<Proposal>> {
  const { agent } = request
  authorize(actor, OPERATION, { agent })
  const action = parseInput(name, request.action, 'action') ?? null
  const limit = parseLimit(request.limit)
  const before = cursorTimePlace(request.cursor)
  const decided = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, agent)
    return listDecided(tx, { agent, action, before, limit })
  })
  const page = pageOf(decided, limit, ({ createdAt, id }) => [createdAt, id])
  return { ...page, items: page.items.map((proposal) => shown(actor, proposal)) }
}

function shown(actor: Actor, proposal: Proposal): Proposal {
  const args = visibleArgs(actor, OPERATION, proposal.args)
  const context = visibleArgs(actor, OPERATION, proposal.context)
  return visibleProposal(actor, OPERATION, { ...proposal, args, context })
}
