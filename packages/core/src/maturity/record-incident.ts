import type { Agent } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { earn } from './earn.ts'
import { insertIncident } from './incident-store.ts'
import { WHOLE_AGENT } from './record-capability.ts'
import { listRecords, lockRecord } from './store.ts'

/**
 * Records an incident: confidence falls by 2,000 basis points and the agent is demoted by at least one step, at every
 * capability and as a whole, in one transaction, whatever the promotion policy.
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
  const agent = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, request.id)
    const incident = context.ids.next('inc')
    await insertIncident(tx, { id: incident, agent: request.id, reason, actor: name, at: isoTime(context.clock.now()) })
    await context.journal.append(tx, {
      kind: 'agent.incident_recorded',
      subject: incident,
      agent: request.id,
      body: { actor: name, reason: redactText(reason) },
    })
    // Held before the list is read: a capability that is first shown meanwhile waits.
    await lockRecord(tx, { agent: request.id, capability: WHOLE_AGENT })
    for (const { agent, capability } of await listRecords(tx, request.id)) {
      const evidence = { kind: 'incident' } as const
      await earn(context, tx, { agent, capability, evidence, sourceId: incident, actor: name, reason })
    }
    return getAgent(tx, request.id)
  })
  await context.failpoint('demote.after_commit_before_hint')
  return agent
}
