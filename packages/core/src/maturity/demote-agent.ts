import { type Agent, type CapabilityChoice, GovernanceError, type Maturity } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { parseReason } from '../access/parse-reason.ts'
import { agentNotFound, getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { lockAsked, parseCapability } from './asked-record.ts'
import { demote } from './demote.ts'
import { compareMaturity } from './levels.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import { WHOLE_AGENT } from './record-capability.ts'
import { listRecords, lockRecord, type MaturityRecord } from './store.ts'

const level = z.enum(['student', 'intern', 'supervised'])

/** A demotion by a person; without a capability it is of the whole agent. */
export interface DemotionRequest extends CapabilityChoice {
  readonly id: string
  readonly to: Maturity
  readonly reason: string
}

/**
 * Demotes an agent by any number of steps, at once: at one capability, or wherever it is above the level.
 *
 * @throws GovernanceError `CONFLICT` when it is not above that level, `NOT_FOUND`, `PERMISSION_DENIED`,
 * `INPUT_INVALID`, or the code of a fault.
 */
export async function demoteAgent(context: GovernorContext, actor: Actor, request: DemotionRequest): Promise<Agent> {
  authorize(actor, 'agents.demote', { agent: request.id })
  const to = parseInput(level, request.to, 'to')
  const reason = parseReason(request.reason)
  const capability = parseCapability(request.capability)
  const name = actorName(actor)
  const agent = await inWorkspace(context.database, { workspace: actor.workspace, named: true }, async (tx) => {
    const records = await recordsAsked(context, tx, { id: request.id, capability, actor: name })
    const above = records.filter(({ maturity }) => compareMaturity(maturity, to) > 0)
    if (above.length === 0) throw notAbove(request.id, to, records)
    for (const { capability: at } of above) {
      // Demoting the one lowers others with it.
      const record = await lockRecord(tx, { agent: request.id, capability: at })
      if (record === undefined || compareMaturity(record.maturity, to) <= 0) continue
      await demote(context, tx, { record, to, cause: 'person', actor: name, reason, evidence: [] })
    }
    return getAgent(tx, request.id)
  })
  await context.failpoint('demote.after_commit_before_hint')
  return agent
}

/** Without a capability every record: who demotes an agent means all that it may do. */
async function recordsAsked(
  context: GovernorContext,
  tx: Tx,
  asked: { readonly id: string; readonly capability: string | undefined; readonly actor: string },
): Promise<readonly MaturityRecord[]> {
  const { id: agent, capability, actor } = asked
  if ((await lockRecord(tx, { agent, capability: WHOLE_AGENT })) === undefined) throw agentNotFound(agent)
  if (capability === undefined || capability === WHOLE_AGENT) return listRecords(tx, agent)
  return [await lockAsked(context, tx, { agent, capability, actor, policy: await promotionPolicyOf(tx) })]
}

function notAbove(id: string, to: Maturity, [record]: readonly MaturityRecord[]): GovernanceError {
  const maturity = record?.maturity ?? 'student'
  return new GovernanceError('CONFLICT', {
    message: `The agent "${id}" is ${maturity}: that is not above ${to}.`,
    details: { maturity },
  })
}
