import { GovernanceError, type SessionRating, type SupervisionSession } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { personText } from '../access/person-text.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { endSessionIn } from './end-session.ts'
import { assertNotInvolved, getHeldSession, isAgent, isOver } from './held-session.ts'
import { countCorrections } from './intervention-store.ts'
import { noteSession } from './note-session.ts'
import { countInFlight } from './step-store.ts'
import { listWatchers, rateSession } from './store.ts'
import { tellSession } from './tell-session.ts'

const input = z.strictObject({
  rating: z.int().min(1).max(5),
  feedback: personText(4_000).optional(),
})

const RATED_WITHIN_MS = 7 * 86_400_000

/**
 * Rates a session, once, by somebody who held it: the evidence that an agent earns autonomy by. A session that goes on is
 * completed by it, where nothing is under way. One that an agent watched is rated by any supervisor once it is over: who
 * did not watch it judges the reviewer, and earns the agent nothing.
 *
 * @throws GovernanceError `CONFLICT` when it was rated, did not complete, ended more than 7 days ago or has steps under way,
 * `PERMISSION_DENIED` for who never held it, `INPUT_INVALID`, `NOT_FOUND`, or the code of a fault.
 */
export async function completeSession(
  context: GovernorContext,
  actor: Actor,
  { id, rating: given }: { readonly id: string; readonly rating: SessionRating },
): Promise<SupervisionSession> {
  authorize(actor, 'sessions.complete')
  const { rating, feedback = null } = parseInput(input, given, 'rating')
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const held = await getHeldSession(tx, id)
    await assertNotInvolved(tx, actor, held.agent)
    const watchers = await listWatchers(tx, id)
    const hasWatched = watchers.includes(actor.principal.id)
    if (!hasWatched && !(isOver(held) && watchers.some(isAgent))) throw neverHeld(id, actor)
    const session = isOver(held) ? held : await complete(context, tx, { actor, session: held })
    assertRateable(session, context.clock.now())
    const by = actorName(actor)
    const at = isoTime(context.clock.now())
    if (!(await rateSession(tx, { id, rating, feedback, by, at }))) throw new GovernanceError('CONFLICT')
    const interventions = await countCorrections(tx, id)
    if (hasWatched) {
      await noteSession(context, tx, {
        session,
        actor,
        evidence: { kind: 'supervision', rating, interventions },
        reason: `A supervised run was rated ${rating} of 5.`,
      })
    }
    await tellSession(context, tx, {
      session,
      kind: 'supervision_session.rated',
      actor,
      body: { rating, interventions },
    })
    return getHeldSession(tx, id)
  })
}

async function complete(
  context: GovernorContext,
  tx: Tx,
  { actor, session }: { readonly actor: Actor; readonly session: SupervisionSession },
): Promise<SupervisionSession> {
  const inFlight = await countInFlight(tx, session.id)
  if (inFlight > 0) {
    throw new GovernanceError('CONFLICT', {
      message: `${inFlight} steps of the session ${session.id} are under way.`,
      hint: 'Wait for them, or terminate the run.',
      details: { inFlight },
    })
  }
  const reason = 'The supervisor completed it.'
  await endSessionIn(context, tx, { sessionId: session.id, state: 'completed', reason, actor })
  return getHeldSession(tx, session.id)
}

function assertRateable(session: SupervisionSession, now: number): void {
  const { id, state, endedAt, rating } = session
  if (state !== 'completed') throw notRateable(id, `it is ${state}`)
  if (rating !== null) throw notRateable(id, `it was rated ${rating} by ${session.ratedBy}`)
  if (endedAt !== null && Date.parse(endedAt) + RATED_WITHIN_MS < now) throw notRateable(id, 'it ended over 7 days ago')
}

function notRateable(id: string, why: string): GovernanceError {
  return new GovernanceError('CONFLICT', { message: `The session ${id} cannot be rated: ${why}.` })
}

function neverHeld(id: string, actor: Actor): GovernanceError {
  return new GovernanceError('PERMISSION_DENIED', {
    message: `${actorName(actor)} never held the session ${id}.`,
    hint: 'Who watched a run rates it.',
  })
}
