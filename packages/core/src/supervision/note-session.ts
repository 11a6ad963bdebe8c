import type { SupervisionSession } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { noteEvidence } from '../maturity/earn.ts'
import type { Evidence } from '../maturity/evidence.ts'
import { promotionPolicyOf } from '../maturity/promotion-policy.ts'
import { recordCapability } from '../maturity/record-capability.ts'
import { capabilityOf } from './store.ts'

/** What a supervisor makes of a run. */
export interface SessionEvidence {
  readonly session: Pick<SupervisionSession, 'id' | 'agent' | 'startedAt'>
  readonly actor: Actor
  readonly evidence: Extract<Evidence, { readonly kind: 'supervision' | 'termination' }>
  readonly reason: string
}

/** Notes what a supervisor makes of a run, at the capability that it exercised, vouched for by that person. */
export async function noteSession(
  context: GovernorContext,
  tx: Tx,
  { session, actor, evidence, reason }: SessionEvidence,
): Promise<void> {
  await noteEvidence(context, tx, {
    agent: session.agent,
    capability: recordCapability(await promotionPolicyOf(tx), await capabilityOf(tx, session.id)),
    evidence,
    sourceId: session.id,
    reviewers: [actorName(actor)],
    // What was shown before a demotion gives nothing back after it, whenever somebody rates it.
    ...(session.startedAt === null ? {} : { beganAt: session.startedAt }),
    actor: actorName(actor),
    reason,
  })
}
