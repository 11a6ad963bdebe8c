import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { redactName } from '../journal/redact-name.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { withholdSteps } from './step-store.ts'
import { endIdleSessions, endSession, findOpenSession, findSession } from './store.ts'
import { tellSession } from './tell-session.ts'

/** The end of a session, in the caller's transaction. */
export interface SessionEnding {
  readonly sessionId: string
  readonly state: 'completed' | 'failed' | 'terminated'
  readonly reason: string
  readonly actor: Actor | 'system:supervision'
}

/** Ends a session and puts it on record; what waits in it never begins. A session that had ended stays as it was. */
export async function endSessionIn(context: GovernorContext, tx: Tx, ending: SessionEnding): Promise<void> {
  const { sessionId: id, state, reason, actor } = ending
  const at = isoTime(context.clock.now())
  if (!(await endSession(tx, { id, state, reason, at }))) return
  await withholdSteps(tx, id, at)
  const session = await findSession(tx, id)
  if (session === undefined) return
  await tellSession(context, tx, {
    session,
    kind: `supervision_session.${state}`,
    actor,
    body: { reason: redactText(reason) },
  })
}

/**
 * Ends the session of a run, if it has an open one.
 *
 * @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault.
 */
export async function finishRun(
  context: GovernorContext,
  actor: Actor,
  finish: { readonly run: string; readonly agent: string; readonly status: 'completed' | 'failed' },
): Promise<void> {
  authorize(actor, 'runs.finish', { agent: finish.agent })
  await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const sessionId = await findOpenSession(tx, { ...finish, run: redactName(finish.run) })
    if (sessionId === undefined) return
    const reason = `The run ${finish.status}.`
    await endSessionIn(context, tx, { sessionId, state: finish.status, reason, actor })
  })
}

const BATCH = 100

/** Ends sessions whose runs have not taken a step for a long time; gives how many. */
export async function expireIdleSessions(context: GovernorContext, workspace: string): Promise<number> {
  return inWorkspace(context.database, { workspace }, async (tx) => {
    const now = context.clock.now()
    const idleSince = isoTime(now - context.settings.sessionIdleMs)
    const reason = 'No step was taken for a long time.'
    const ended = await endIdleSessions(tx, { idleSince, at: isoTime(now), reason, limit: BATCH })
    for (const session of ended) {
      await withholdSteps(tx, session.id, isoTime(now))
      const news = { session, kind: 'supervision_session.completed', actor: 'system:supervision' } as const
      await tellSession(context, tx, { ...news, body: { reason } })
    }
    return ended.length
  })
}
