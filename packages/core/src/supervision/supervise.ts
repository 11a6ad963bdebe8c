import type { JsonObject } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { availableSupervisors } from '../presence/available-supervisors.ts'
import { enqueue } from '../queue/enqueue.ts'
import type { ProposeRequest, RuledAttempt, SupervisionResult } from '../routing/consequences.ts'
import { addSessionEvents } from './add-session-events.ts'
import { insertStep } from './step-store.ts'
import { findOpenSession, openSession } from './store.ts'
import { tellSession } from './tell-session.ts'

/**
 * Lets an attempt wait in the session of its run, which is opened when somebody can watch it; else the attempt waits in
 * the queue.
 */
export async function supervise(context: GovernorContext, tx: Tx, request: ProposeRequest): Promise<SupervisionResult> {
  const sessionId = await watch(context, tx, request.ruled)
  if (sessionId === null) return { result: 'queued', queueEntry: await enqueue(context, tx, request) }
  return { result: 'session', sessionId }
}

/** Lets an attempt wait in the session of its run, which is opened when somebody can watch it; null when nobody can. */
export async function watch(context: GovernorContext, tx: Tx, ruled: RuledAttempt): Promise<string | null> {
  const { agent, attempt, policy } = ruled
  const run = attempt.trigger.run ?? attempt.decisionId
  const open = await findOpenSession(tx, { agent: agent.id, run })
  if (open !== undefined) return join(context, tx, { ruled, sessionId: open })
  const exceptOwner = policy.separationOfDuties ? agent.ownerId : null
  const supervisors = await availableSupervisors(context, tx, exceptOwner)
  if (supervisors.length === 0) return null
  const sessionId = await start(context, tx, { ruled, run, supervisors: supervisors.map(({ userId }) => userId) })
  return join(context, tx, { ruled, sessionId })
}

/** A session that is to be opened. */
export interface SessionStart {
  readonly ruled: RuledAttempt
  readonly run: string
  /** Ids of the users who may watch it. */
  readonly supervisors: readonly string[]
  /** What else is told of its start. */
  readonly about?: JsonObject
}

/** Opens the session of a run, or finds the one that somebody opened at the same time. */
export async function start(
  context: GovernorContext,
  tx: Tx,
  { ruled, run, supervisors, about }: SessionStart,
): Promise<string> {
  const { agent, attempt, action, argsHash } = ruled
  const { decisionId, actor } = attempt
  const session = await openSession(tx, {
    id: context.ids.next('ses'),
    agent: agent.id,
    run,
    decisionId,
    action: action.name,
    capability: action.capability,
    argsHash,
    at: isoTime(context.clock.now()),
  })
  if (session.opened) {
    const body = { decisionId, action: action.name, supervisors: [...supervisors], ...about }
    const opened = { id: session.id, agent: agent.id }
    await tellSession(context, tx, { session: opened, kind: 'supervision_session.started', actor, body })
  }
  return session.id
}

/** Lets a step wait in a session, where those who watch see it before it begins; gives the session. */
export async function join(
  context: GovernorContext,
  tx: Tx,
  { ruled, sessionId }: { readonly ruled: RuledAttempt; readonly sessionId: string },
): Promise<string> {
  const { agent, attempt, action, args, argsHash, risk } = ruled
  const at = isoTime(context.clock.now())
  const id = attempt.decisionId
  const { name, digest, sensitivePaths: sensitive } = action
  await insertStep(tx, {
    id,
    session: sessionId,
    agent: agent.id,
    action: name,
    digest,
    args,
    sensitive,
    argsHash,
    risk,
    at,
  })
  const body = { step: id, action: name, risk }
  await addSessionEvents(context, tx, { session: sessionId, events: [{ kind: 'step.waiting', body }], at })
  return sessionId
}
