import { GovernanceError, type RunEvent } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { PermittedCall } from '../routing/guard.ts'
import { emitEvents, parseRunEvents } from './emit-events.ts'
import { endSessionIn } from './end-session.ts'
import { passCheckpoint } from './pass-checkpoint.ts'

/** Makes what a supervised call does at a checkpoint: it waits while the run is paused, and is told what people said. */
export function passSession(
  context: GovernorContext,
): (call: PermittedCall, sessionId: string, signal: AbortSignal) => Promise<readonly string[]> {
  return async ({ actor, claim, decision }, sessionId, signal) => {
    if (claim === null) throw new GovernanceError('INTERNAL')
    const checkpoint = { workspace: actor.workspace, sessionId, stepId: decision.id, claim }
    return passCheckpoint(context, checkpoint, { withinMs: context.settings.attachWithinMs, signal })
  }
}

/** Makes the end of the session of a call that was a run of its own. */
export function finishSession(
  context: GovernorContext,
): (call: PermittedCall, state: 'completed' | 'failed') => Promise<void> {
  return async ({ actor, sessionId }, state) => {
    if (sessionId === null) return
    await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
      endSessionIn(context, tx, { sessionId, state, reason: `The run ${state}.`, actor }),
    )
  }
}

/** Makes what tells who watches a supervised run what it says. */
export function emitOfCall(
  context: GovernorContext,
): (call: PermittedCall, sessionId: string, events: readonly RunEvent[]) => Promise<void> {
  return async ({ actor, claim, decision }, sessionId, events) => {
    if (claim === null) throw new GovernanceError('INTERNAL')
    const run = { workspace: actor.workspace, sessionId, stepId: decision.id, claim }
    await emitEvents(context, { ...run, events: parseRunEvents(events) })
  }
}
