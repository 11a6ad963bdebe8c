import type { Agent } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { agentNotFound, getAgent } from './get-agent.ts'
import { attestFingerprint } from './store.ts'

/**
 * Accepts the present build of an agent: the next fingerprint that an adapter sees is recorded, and the cap is lifted.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`, or the code of a fault.
 */
export async function attestAgent(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<Agent> {
  authorize(actor, 'agents.attest', { agent: request.id })
  const reason = parseReason(request.reason)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    if (!(await attestFingerprint(tx, request.id, isoTime(context.clock.now())))) throw agentNotFound(request.id)
    await context.journal.append(tx, {
      kind: 'agent.attested',
      subject: request.id,
      agent: request.id,
      body: { actor: actorName(actor), reason: redactText(reason) },
    })
    return getAgent(tx, request.id)
  })
}
