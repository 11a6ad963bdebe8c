import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { PermittedCall } from '../routing/guard.ts'
import { awaitSupervisor } from './await-supervisor.ts'
import { endSessionIn } from './end-session.ts'

/** Makes the question whether the session of a call is watched; a lapsed watch may be taken up again for a while. */
export function isSessionWatched(
  context: GovernorContext,
): (call: PermittedCall, sessionId: string) => Promise<boolean> {
  return (call, sessionId) =>
    awaitSupervisor(context, {
      workspace: call.actor.workspace,
      sessionId,
      withinMs: context.settings.attachWithinMs,
      signal: undefined,
    })
}

/** Makes the end of the session of a call that was a run of its own. */
export function finishSession(
  context: GovernorContext,
): (call: PermittedCall, state: 'completed' | 'failed') => Promise<void> {
  return async ({ actor, sessionId }, state) => {
    if (sessionId === null) return
    await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
      endSessionIn(context, tx, { sessionId, state, reason: `The run ${state}.`, actor: actorName(actor) }),
    )
  }
}
