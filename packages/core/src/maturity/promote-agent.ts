import { type Agent, type CapabilityChoice, GovernanceError } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { lockAsked, parseCapability } from './asked-record.ts'
import { assertMayPromote } from './assert-may-promote.ts'
import { gatesTo } from './explain-promotion.ts'
import { floorOf, stepUp } from './levels.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import { recordEvidence } from './record-evidence.ts'
import type { MaturityRecord } from './store.ts'
import { transition } from './transition.ts'

/** A promotion by a person. */
export interface PromotionRequest extends CapabilityChoice {
  readonly id: string
  readonly reason: string
}

/**
 * Promotes an agent by one step on the word of an administrator who may judge it; the ledger opens at the floor of the new
 * band. The gates need not be met, but the journal says which were not.
 *
 * @throws GovernanceError `CONFLICT` at the highest level or while an incident is open, `NOT_FOUND`, `PERMISSION_DENIED`,
 * `INPUT_INVALID`, or the code of a fault.
 */
export async function promoteAgent(context: GovernorContext, actor: Actor, request: PromotionRequest): Promise<Agent> {
  authorize(actor, 'agents.promote', { agent: request.id })
  const reason = parseReason(request.reason)
  const capability = parseCapability(request.capability)
  const name = actorName(actor)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const policy = await promotionPolicyOf(tx)
    const record = await lockAsked(context, tx, { agent: request.id, capability, actor: name, policy })
    const to = stepUp(record.maturity)
    if (to === undefined || to === 'student') {
      throw new GovernanceError('CONFLICT', { message: `The agent "${request.id}" is autonomous already.` })
    }
    const { relaxed } = await assertMayPromote(tx, actor, { record, to, policy })
    // The sign-off is what is being given.
    const gates = (await gatesTo(tx, { record, to, policy })).filter((gate) => gate.name !== 'sign_off')
    const notMet = gates.flatMap((gate) => (gate.met ? [] : [gate.name]))
    const raised = await raiseToBand(context, tx, { record, to, actor: name, reason })
    const details = { gatesNotMet: notMet, relaxed: [...relaxed] }
    await transition(context, tx, { ...raised, to, cause: 'person', actor: name, reason, details })
    return getAgent(tx, request.id)
  })
}

async function raiseToBand(
  context: GovernorContext,
  tx: Tx,
  { record, to, actor, reason }: Omit<Parameters<typeof transition>[2], 'cause' | 'evidence'>,
): Promise<{ readonly record: MaturityRecord; readonly evidence: readonly string[] }> {
  const missing = floorOf(to) - record.confidence
  if (missing <= 0) return { record, evidence: [] }
  const result = await recordEvidence(context, tx, {
    agent: record.agent,
    capability: record.capability,
    kind: 'promotion',
    requested: missing,
    sourceType: 'promotion',
    sourceId: context.ids.next('evt'),
    actor,
    reason,
  })
  return { record: result.record, evidence: result.counted ? [result.entryId] : [] }
}
