import type { PromotionExplanation } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { agentNotFound } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { stepUp } from './levels.ts'
import { promotionGates } from './promotion-gates.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import { readShown } from './read-shown.ts'
import { findRecord, type MaturityRecord } from './store.ts'

/**
 * Says what an agent lacks for its next level: every gate, its value, its target, and what would do.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function explainPromotion(
  context: GovernorContext,
  actor: Actor,
  id: string,
): Promise<PromotionExplanation> {
  authorize(actor, 'agents.promotion', { agent: id })
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const record = await findRecord(tx, { agent: id, capability: '*' })
    if (record === undefined) throw agentNotFound(id)
    return explain(tx, record)
  })
}

/** The same for a record that the caller has read. */
export async function explain(tx: Tx, record: MaturityRecord): Promise<PromotionExplanation> {
  const { agent, capability, maturity, confidence } = record
  const policy = await promotionPolicyOf(tx)
  const to = stepUp(maturity) ?? null
  const all = to === null || to === 'student' ? [] : promotionGates(await readShown(tx, record), to, policy)
  // Under `bands` confidence is all that is asked for.
  const gates = policy.policy === 'bands' ? all.filter(({ name }) => name === 'confidence') : all
  const ready = to !== null && gates.every(({ met }) => met)
  return { agent, capability, maturity, confidence, to, policy: policy.policy, gates, ready }
}
