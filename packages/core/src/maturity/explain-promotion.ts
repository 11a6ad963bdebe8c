import type { CapabilityChoice, Maturity, PromotionExplanation, PromotionGate } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import type { Policy } from '../policy/policy.ts'
import { parseCapability } from './asked-record.ts'
import { STARTING_CONFIDENCE, stepUp } from './levels.ts'
import { promotionGates } from './promotion-gates.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import { readShown } from './read-shown.ts'
import { recordCapability, WHOLE_AGENT } from './record-capability.ts'
import { findRecord, type MaturityRecord } from './store.ts'

/** What an agent is asked about. */
export interface ExplanationRequest extends CapabilityChoice {
  readonly id: string
}

/**
 * Says what an agent lacks for its next level: every gate, its value, its target, and what would do.
 *
 * @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function explainPromotion(
  context: GovernorContext,
  actor: Actor,
  request: ExplanationRequest,
): Promise<PromotionExplanation> {
  const agent = request.id
  authorize(actor, 'agents.promotion', { agent })
  const asked = parseCapability(request.capability) ?? WHOLE_AGENT
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, agent)
    const capability = recordCapability(await promotionPolicyOf(tx), asked)
    // What was never shown is explained as what it is: that of a student.
    const unshown = { agent, capability, maturity: 'student', confidence: STARTING_CONFIDENCE, detector: null } as const
    return explain(tx, (await findRecord(tx, { agent, capability })) ?? unshown)
  })
}

/** The same for a record that the caller has read. */
export async function explain(tx: Tx, record: MaturityRecord): Promise<PromotionExplanation> {
  const { agent, capability, maturity, confidence } = record
  const policy = await promotionPolicyOf(tx)
  const to = stepUp(maturity) ?? null
  const gates = to === null || to === 'student' ? [] : await gatesTo(tx, { record, to, policy })
  const ready = to !== null && gates.every(({ met }) => met)
  return { agent, capability, maturity, confidence, to, policy: policy.policy, gates, ready }
}

/** A level that an agent may come to. */
export interface NextStep {
  readonly record: MaturityRecord
  readonly to: Exclude<Maturity, 'student'>
  readonly policy: Policy['promotion']
}

/** The gates of the policy on the way to a level, as they stand. */
export async function gatesTo(tx: Tx, { record, to, policy }: NextStep): Promise<readonly PromotionGate[]> {
  const gates = promotionGates(await readShown(tx, record), to, policy)
  // Under `bands` confidence is all that is asked for, and that nothing is left to be cleared up.
  return policy.policy === 'bands' ? gates.filter(({ name }) => name === 'confidence' || name === 'incidents') : gates
}
