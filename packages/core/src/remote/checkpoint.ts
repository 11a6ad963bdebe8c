import { setTimeout as delay } from 'node:timers/promises'
import { GovernanceError, type RemoteCheckpoint, type RemoteCheckpointed } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { assertMayGoOn } from '../executions/checkpoint.ts'
import { isSessionTerminated } from '../executions/store.ts'
import { lookAtCheckpoint, type SessionCheckpoint } from '../supervision/pass-checkpoint.ts'
import { getHeldClaim } from './held-claim.ts'

/** A request is answered within seconds; whoever waits longer asks again. */
export const LONGEST_WAIT_MS = 5_000

const GOES_ON: RemoteCheckpointed = { watched: true, held: false, guidance: [], watchedMs: null }
const LOOK_EVERY_MS = 100

async function pass(
  context: GovernorContext,
  checkpoint: SessionCheckpoint,
  withinMs: number,
): Promise<RemoteCheckpointed> {
  const { clock } = context
  const until = clock.monotonic() + withinMs
  for (;;) {
    const seen = await lookAtCheckpoint(context, checkpoint)
    if (seen.result === 'goes_on') {
      return { ...GOES_ON, guidance: seen.guidance, watchedMs: seen.watchedUntil - clock.now() }
    }
    const left = until - clock.monotonic()
    if (left <= 0) return { ...GOES_ON, watched: false, held: seen.result === 'paused' }
    await delay(Math.min(LOOK_EVERY_MS, left))
  }
}

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
): Promise<RemoteCheckpointed> {
  const { agent, delegation, claim: stated, watchWithinMs } = checkpoint
  authorize(actor, 'decisions.report', { agent })
  const { workspace } = actor
  const trigger = delegation === undefined ? { agent } : { agent, delegation }
  const options = { workspace, deadlineMs: context.settings.deadlineMs }
  const { sessionId, claim } = await inWorkspace(context.database, options, async (tx) => {
    const held = stated === null ? null : await getHeldClaim(tx, actor, { decisionId, agent })
    const claim = stated === null || held === null ? null : { ...stated, executionId: held.executionId }
    await assertMayGoOn(context, tx, { trigger, claim })
    const session = held?.sessionId ?? null
    if (session !== null && (await isSessionTerminated(tx, session))) throw new GovernanceError('RUN_TERMINATED')
    return { sessionId: session, claim }
  })
  if (sessionId === null || claim === null || watchWithinMs === undefined) return GOES_ON
  return pass(context, { workspace, sessionId, stepId: decisionId, claim }, Math.min(watchWithinMs, LONGEST_WAIT_MS))
}
