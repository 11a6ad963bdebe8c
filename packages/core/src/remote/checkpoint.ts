import type { RemoteCheckpoint } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { assertMayGoOn } from '../executions/checkpoint.ts'
import { awaitSupervisor } from '../supervision/await-supervisor.ts'
import { getHeldClaim } from './held-claim.ts'

/** A request is answered within seconds; whoever waits longer asks again. */
export const LONGEST_WAIT_MS = 5_000

/**
 * Renews the claim of a run in another process and says whether it may go on: stops, the agents, the claim and, where
 * it is asked for, the watch, all as they stand now.
 *
 * @throws GovernanceError the code of what is in the way, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function checkpointRemote(
  context: GovernorContext,
  actor: Actor,
  { decisionId, ...checkpoint }: RemoteCheckpoint & { readonly decisionId: string },
): Promise<{ readonly watched: boolean }> {
  const { agent, delegation, claim: stated, watchWithinMs } = checkpoint
  authorize(actor, 'decisions.report', { agent })
  const { workspace } = actor
  const trigger = delegation === undefined ? { agent } : { agent, delegation }
  const options = { workspace, deadlineMs: context.settings.deadlineMs }
  const sessionId = await inWorkspace(context.database, options, async (tx) => {
    const held = stated === null ? null : await getHeldClaim(tx, actor, { decisionId, agent })
    const claim = stated === null || held === null ? null : { ...stated, executionId: held.executionId }
    await assertMayGoOn(context, tx, { trigger, claim })
    return held?.sessionId ?? null
  })
  if (sessionId === null || watchWithinMs === undefined) return { watched: true }
  const withinMs = Math.min(watchWithinMs, LONGEST_WAIT_MS)
  return { watched: await awaitSupervisor(context, { workspace, sessionId, withinMs, signal: undefined }) }
}
