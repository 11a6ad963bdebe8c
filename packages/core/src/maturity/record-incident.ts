import type { Agent } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { demote } from './demote.ts'
import { requestedDelta } from './evidence.ts'
import { bandOf, minMaturity, stepDown } from './levels.ts'
import { recordEvidence } from './record-evidence.ts'

/**
 * Records an incident: confidence falls by 2,000 basis points and the agent is demoted by at least one step, in one
 * transaction, whatever the promotion policy.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`, or the code of a fault.
 */
export async function recordIncident(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<Agent> {
  authorize(actor, 'agents.incident', { agent: request.id })
  const reason = parseReason(request.reason)
  const name = actorName(actor)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const incident = context.ids.next('evt')
    const { record, ...entry } = await recordEvidence(context, tx, {
      agent: request.id,
      capability: '*',
      kind: 'incident',
      requested: requestedDelta({ kind: 'incident' }, 'bands'),
      sourceType: 'incident',
      sourceId: incident,
      actor: name,
      reason,
    })
    await context.journal.append(tx, {
      kind: 'agent.incident_recorded',
      subject: incident,
      agent: request.id,
      body: { actor: name, reason, confidence: record.confidence },
    })
    const below = stepDown(record.maturity)
    if (below !== undefined) {
      const to = minMaturity(below, bandOf(record.confidence))
      const evidence = entry.counted ? [entry.entryId] : []
      await demote(context, tx, { record, to, cause: 'incident', actor: name, reason, evidence })
    }
    return getAgent(tx, request.id)
  })
}
