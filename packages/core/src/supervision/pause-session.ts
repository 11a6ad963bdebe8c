import type { SupervisionSession } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { countInFlight } from './step-store.ts'
import { findLapsedSessions, findQuietSessions, LAPSED, lockSession, moveSession } from './store.ts'
import { type TellContext, tellSession } from './tell-session.ts'

/** A pause that was asked for. */
export interface Pause {
  readonly session: Pick<SupervisionSession, 'id' | 'agent'>
  readonly actor: Actor | 'system:supervision'
  readonly reason: string | null
}

/**
 * Lets no step begin any more, in a transaction that holds the session. It is paused at once where nothing is under way,
 * else when what is has ended or waits at a checkpoint. False in a state that is no running one.
 */
export async function pauseSession(context: GovernorContext, tx: Tx, pause: Pause): Promise<boolean> {
  const { session, actor, reason } = pause
  const { id } = session
  const pausedBy = typeof actor === 'string' ? LAPSED : actorName(actor)
  const isPausing = await moveSession(tx, { id, from: ['running', 'correcting'], to: 'pausing', pausedBy })
  if (!isPausing) return false
  const inFlight = await countInFlight(tx, id)
  const body = { reason, inFlight }
  await tellSession(context, tx, { session, kind: 'supervision_session.pausing', actor, body })
  if (inFlight === 0) await acknowledge(context, tx, { session, pausedBy })
  return true
}

/** Shows a session as paused once nothing is under way in it; in a transaction that holds it. */
export async function acknowledgePause(context: TellContext, tx: Tx, session: SupervisionSession): Promise<void> {
  if (session.state !== 'pausing' || (await countInFlight(tx, session.id)) > 0) return
  await acknowledge(context, tx, { session, pausedBy: session.pausedBy })
}

async function acknowledge(
  context: TellContext,
  tx: Tx,
  {
    session,
    pausedBy,
  }: { readonly session: Pick<SupervisionSession, 'id' | 'agent'>; readonly pausedBy: string | null },
): Promise<void> {
  if (!(await moveSession(tx, { id: session.id, from: ['pausing'], to: 'paused', pausedBy }))) return
  const actor = 'system:supervision'
  await tellSession(context, tx, { session, kind: 'supervision_session.paused', actor, body: { pausedBy } })
}

const BATCH = 100

/**
 * Pauses the sessions that nobody watches any more, and shows those as paused in which a lost run was the last; gives how
 * many. No step began meanwhile: each looks at the watch itself.
 */
export async function pauseUnwatched(context: GovernorContext, workspace: string): Promise<number> {
  const found = await inWorkspace(context.database, { workspace }, async (tx) => {
    const at = isoTime(context.clock.now())
    const lapsed = await findLapsedSessions(tx, { at, limit: BATCH })
    return new Set([...lapsed, ...(await findQuietSessions(tx, BATCH))])
  })
  for (const id of found) {
    await inWorkspace(context.database, { workspace, retry: true }, (tx) => settleWatch(context, tx, id))
  }
  return found.size
}

async function settleWatch(context: GovernorContext, tx: Tx, id: string): Promise<void> {
  const session = await lockSession(tx, id)
  if (session === undefined) return
  const lease = session.supervisorLeaseExpiresAt
  const hasLapsed = lease !== null && Date.parse(lease) < context.clock.now()
  const reason = 'Nobody watches it any more.'
  if (hasLapsed && (await pauseSession(context, tx, { session, actor: 'system:supervision', reason }))) return
  await acknowledgePause(context, tx, session)
}
