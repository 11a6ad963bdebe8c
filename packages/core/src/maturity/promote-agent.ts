import { type Agent, GovernanceError } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import { agentNotFound, getAgent } from '../agents/get-agent.ts'
import { hasHadHandIn } from '../agents/store.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { floorOf, stepUp } from './levels.ts'
import { recordEvidence } from './record-evidence.ts'
import { lockRecord } from './store.ts'
import { transition } from './transition.ts'

/**
 * Promotes an agent by one step on the word of an administrator who never owned it and never changed its owner; the
 * ledger opens at the floor of the new band.
 *
 * @throws GovernanceError `CONFLICT` at the highest level, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`, or the
 * code of a fault.
 */
export async function promoteAgent(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<Agent> {
  authorize(actor, 'agents.promote', { agent: request.id })
  const reason = parseReason(request.reason)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const record = await lockRecord(tx, { agent: request.id, capability: '*' })
    if (record === undefined) throw agentNotFound(request.id)
    if (actor.principal.kind === 'user' && (await hasHadHandIn(tx, request.id, actor.principal.id))) {
      throw new GovernanceError('PERMISSION_DENIED', {
        message: `Who owns the agent "${request.id}", has owned it or has changed its owner cannot promote it.`,
        hint: 'Ask another administrator.',
      })
    }
    const to = stepUp(record.maturity)
    if (to === undefined) {
      throw new GovernanceError('CONFLICT', { message: `The agent "${request.id}" is autonomous already.` })
    }
    const { record: raised, evidence } = await raiseToBand(context, tx, { record, to, actor: actorName(actor), reason })
    await transition(context, tx, { record: raised, to, cause: 'person', actor: actorName(actor), reason, evidence })
    return getAgent(tx, request.id)
  })
}

type RaiseRequest = Omit<Parameters<typeof transition>[2], 'cause' | 'evidence'>

async function raiseToBand(
  context: GovernorContext,
  tx: Parameters<typeof transition>[1],
  { record, to, actor, reason }: RaiseRequest,
): Promise<{ record: RaiseRequest['record']; evidence: string[] }> {
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
