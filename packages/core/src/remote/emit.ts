import type { RemoteEvents } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { emitEvents, parseRunEvents } from '../supervision/emit-events.ts'
import { getHeldClaim } from './held-claim.ts'

/**
 * Tells who watches a run in another process what it says; a run that nobody watches says it to nobody.
 *
 * @throws GovernanceError `EXECUTION_FENCED`, `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, `LIMIT_EXCEEDED`, or the
 * code of a fault.
 */
export async function emitRemote(
  context: GovernorContext,
  actor: Actor,
  { decisionId, agent, fence, events }: RemoteEvents & { readonly decisionId: string },
): Promise<void> {
  authorize(actor, 'decisions.report', { agent })
  const said = parseRunEvents(events)
  const { workspace } = actor
  const options = { workspace, deadlineMs: context.settings.deadlineMs }
  const held = await inWorkspace(context.database, options, (tx) => getHeldClaim(tx, actor, { decisionId, agent }))
  const { sessionId, executionId } = held
  if (sessionId === null) return
  await emitEvents(context, { workspace, sessionId, stepId: decisionId, claim: { executionId, fence }, events: said })
}
