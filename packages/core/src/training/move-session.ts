import { GovernanceError, type TrainingSession, type TrainingSessionState } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import type { EventKind } from '../journal/event-kinds.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import {
  findTrainingSession,
  type HeldSession,
  lockTrainingSession,
  moveSession,
  type SessionMove,
} from './session-store.ts'

interface Move {
  readonly operation:
    | 'training_sessions.start'
    | 'training_sessions.pause'
    | 'training_sessions.resume'
    | 'training_sessions.cancel'
  readonly kind: EventKind
  readonly from: readonly TrainingSessionState[]
  readonly to: SessionMove['to']
}

const MOVES: Readonly<Record<'start' | 'pause' | 'resume' | 'cancel', Move>> = {
  start: {
    operation: 'training_sessions.start',
    kind: 'training_session.started',
    from: ['scheduled'],
    to: 'in_progress',
  },
  pause: { operation: 'training_sessions.pause', kind: 'training_session.paused', from: ['in_progress'], to: 'paused' },
  resume: {
    operation: 'training_sessions.resume',
    kind: 'training_session.resumed',
    from: ['paused'],
    to: 'in_progress',
  },
  cancel: {
    operation: 'training_sessions.cancel',
    kind: 'training_session.cancelled',
    from: ['scheduled', 'in_progress', 'paused'],
    to: 'cancelled',
  },
}

/** What a person does with a session. */
export interface SessionMoveRequest {
  readonly id: string
  readonly move: 'start' | 'pause' | 'resume' | 'cancel'
  /** Needed to cancel. */
  readonly reason?: string
}

/**
 * Starts, pauses, resumes or cancels a session.
 *
 * @throws GovernanceError `CONFLICT` when it is in another state, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`, or the
 * code of a fault.
 */
export async function moveTrainingSession(
  context: GovernorContext,
  actor: Actor,
  request: SessionMoveRequest,
): Promise<TrainingSession> {
  const { operation, ...move } = MOVES[request.move]
  authorize(actor, operation)
  const reason = request.move === 'cancel' ? parseReason(request.reason) : null
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    await getLocked(tx, request.id)
    return moveIn(context, tx, { ...move, id: request.id, reason, actor: actorName(actor) })
  })
}

/** Moves a session that the caller holds, with its journal row. */
export async function moveIn(
  context: GovernorContext,
  tx: Tx,
  move: Omit<SessionMove, 'at'> & { readonly kind: EventKind; readonly actor: string },
): Promise<TrainingSession> {
  const { id, kind, actor, reason } = move
  const moved = await moveSession(tx, { ...move, at: isoTime(context.clock.now()) })
  const session = await findTrainingSession(tx, id)
  if (session === undefined) throw recordNotFound('training session', id)
  if (!moved) throw notIn(session, move.from)
  const body = { actor, ...(reason === null ? {} : { reason: redactText(reason) }) }
  await context.journal.append(tx, { kind, subject: id, agent: session.agent, body })
  return session
}

/** @throws GovernanceError `NOT_FOUND`, also for a session of another workspace. */
export async function getLocked(tx: Tx, id: string): Promise<HeldSession> {
  const held = await lockTrainingSession(tx, id)
  if (held === undefined) throw recordNotFound('training session', id)
  return held
}

/** The error for a session that is in another state than it takes. */
export function notIn({ id, state }: TrainingSession, wanted: readonly TrainingSessionState[]): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `The training session ${id} is ${state}, not ${wanted.join(' or ')}.`,
    details: { state },
  })
}
