import { type Agent, GovernanceError, type Maturity } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { parseReason } from '../access/parse-reason.ts'
import { agentNotFound, getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { demote } from './demote.ts'
import { compareMaturity } from './levels.ts'
import { lockRecord } from './store.ts'

const level = z.enum(['student', 'intern', 'supervised'])

/**
 * Demotes an agent by any number of steps, at once.
 *
 * @throws GovernanceError `CONFLICT` when it is not above that level, `NOT_FOUND`, `PERMISSION_DENIED`,
 * `INPUT_INVALID`, or the code of a fault.
 */
export async function demoteAgent(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly to: Maturity; readonly reason: string },
): Promise<Agent> {
  authorize(actor, 'agents.demote', { agent: request.id })
  const to = parseInput(level, request.to, 'to')
  const reason = parseReason(request.reason)
  const agent = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const record = await lockRecord(tx, { agent: request.id, capability: '*' })
    if (record === undefined) throw agentNotFound(request.id)
    if (compareMaturity(record.maturity, to) <= 0) {
      throw new GovernanceError('CONFLICT', {
        message: `The agent "${request.id}" is ${record.maturity}: that is not above ${to}.`,
        details: { maturity: record.maturity },
      })
    }
    await demote(context, tx, { record, to, cause: 'person', actor: actorName(actor), reason, evidence: [] })
    return getAgent(tx, request.id)
  })
  await context.failpoint('demote.after_commit_before_hint')
  return agent
}
