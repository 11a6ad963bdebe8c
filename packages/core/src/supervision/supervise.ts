import type { JsonObject, Risk } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { isHigh } from '../policy/is-high.ts'
import { availableSupervisors } from '../presence/available-supervisors.ts'
import { enqueue } from '../queue/enqueue.ts'
import type { ProposeRequest, RuledAttempt, SupervisionResult } from '../routing/consequences.ts'
import { addSessionEvents } from './add-session-events.ts'
import { mayAskReviewer, reviewerUntil, type WatchContext } from './agent-watch.ts'
import { openStepToReviewers } from './agent-watch-store.ts'
import { isAgent, isHeld } from './held-session.ts'
import { insertStep } from './step-store.ts'
import { findOpenSession, findSession, openSession } from './store.ts'
import { tellSession } from './tell-session.ts'

/**
 * Lets an attempt wait in the session of its run, which is opened when somebody can watch it; else the attempt waits in
 * the queue.
 */
export async function supervise(context: WatchContext, tx: Tx, request: ProposeRequest): Promise<SupervisionResult> {
  const sessionId = await watch(context, tx, request)
  if (sessionId === null) return { result: 'queued', queueEntry: await enqueue(context, tx, request) }
  return { result: 'session', sessionId }
}

/**
 * Lets an attempt wait in the session of its run, which is opened when a person can watch it, or else an autonomous
 * reviewer could; null when nobody can.
 */
export async function watch(context: WatchContext, tx: Tx, request: ProposeRequest): Promise<string | null> {
  const { ruled, isAwaited } = request
  const { agent, attempt, policy } = ruled
  const run = attempt.trigger.run ?? attempt.decisionId
  const open = await findOpenSession(tx, { agent: agent.id, run })
  if (open !== undefined && (!policy.supervision.reviewers || (await isWatched(context, tx, open)))) {
    return join(context, tx, { ruled, sessionId: open })
  }
  const exceptOwner = policy.separationOfDuties ? agent.ownerId : null
  const supervisors = await availableSupervisors(context, tx, exceptOwner)
  // Where nobody comes back for the run, the queue asks for it.
  const isForReviewer = supervisors.length === 0 && isAwaited && (await mayAskReviewer(context, tx, attemptOf(ruled)))
  if (open === undefined && supervisors.length === 0 && !isForReviewer) return null
  const people = supervisors.map(({ userId }) => userId)
  const sessionId = open ?? (await start(context, tx, { ruled, run, supervisors: people }))
  await join(context, tx, { ruled, sessionId })
  if (isForReviewer) await openStepToReviewers(tx, { step: attempt.decisionId, until: reviewerUntil(context) })
  return sessionId
}

function attemptOf({ agent, action, argsHash, risk }: RuledAttempt): Parameters<typeof mayAskReviewer>[2] {
  return { agent: agent.id, action: action.name, argsHash, risk }
}

/** Whether somebody watches the session of a run that goes on. */
async function isWatched(context: WatchContext, tx: Tx, id: string): Promise<boolean> {
  const session = await findSession(tx, id)
  return session !== undefined && isHeld(session, context.clock.now())
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
  const { decisionId: id, trigger } = attempt
  const { name, digest, sensitivePaths: sensitive, capability } = action
  const { request } = trigger.context ?? {}
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
    capability,
    resource: trigger.resource ?? null,
    request: typeof request === 'string' ? request : null,
    delegation: trigger.delegation ?? [],
    askedBy: actorName(attempt.actor),
    at,
  })
  const body = { step: id, action: name, risk }
  await addSessionEvents(context, tx, { session: sessionId, events: [{ kind: 'step.waiting', body }], at })
  await callPerson(context, tx, { sessionId, step: id, risk })
  return sessionId
}

/** Says that a step of a run that an agent watches waits for a person. */
async function callPerson(
  context: GovernorContext,
  tx: Tx,
  { sessionId, step, risk }: { readonly sessionId: string; readonly step: string; readonly risk: Risk },
): Promise<void> {
  if (!isHigh(risk)) return
  const session = await findSession(tx, sessionId)
  if (session === undefined || !isHeld(session, context.clock.now()) || !isAgent(session.supervisorId ?? '')) return
  const reason = `A step of ${risk} risk waits for a person.`
  const news = { session, kind: 'supervision_session.escalated', actor: 'system:supervision' } as const
  await tellSession(context, tx, { ...news, body: { step, reason } })
}
