import type { SupervisionSession } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { settleActor } from '../settle-actor.ts'
import { endWatch } from '../supervision/agent-watch-store.ts'
import { pauseSession } from '../supervision/pause-session.ts'
import { tellSession } from '../supervision/tell-session.ts'
import { holderName } from './watch-rules.ts'

/** Why a reviewer watches a run no more. */
export interface LeftRun {
  readonly session: SupervisionSession
  /** Id of the agent that watched it. */
  readonly reviewer: string
  /** The step because of which; null where it is because of none. */
  readonly step: string | null
  /** Nothing that the reviewer wrote: the agent that is watched may read it. */
  readonly reason: string
}

/**
 * Ends the watch of an agent in a transaction that holds the session: the run is paused until a person lets it go on, and
 * no other agent does.
 */
export async function leaveToPeople(context: GovernorContext, tx: Tx, left: LeftRun): Promise<void> {
  const { session, reviewer, step, reason } = left
  const actor = settleActor({ workspace: tx.workspace, principal: { kind: 'agent', id: reviewer, roles: [] } })
  if (!(await endWatch(tx, { session: session.id, holder: holderName(reviewer) }))) return
  const body = { step, reason }
  await tellSession(context, tx, { session, kind: 'supervision_session.escalated', actor, body })
  await pauseSession(context, tx, { session, actor, reason })
}
