import { GovernanceError, type QueueDecision, type Risk } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { RuledAttempt, SupervisionResult } from '../routing/consequences.ts'
import { addSessionEvents } from './add-session-events.ts'
import { availableSupervisors } from './available-supervisors.ts'
import { insertQueueEntry, type NewQueueEntry } from './queue-store.ts'
import { insertStep } from './step-store.ts'
import { findOpenSession, openSession } from './store.ts'
import { tellSession } from './tell-session.ts'

/**
 * Lets an attempt wait in the session of its run, which is opened when somebody can watch it; else the attempt waits in
 * the queue.
 */
export async function supervise(context: GovernorContext, tx: Tx, ruled: RuledAttempt): Promise<SupervisionResult> {
  const { agent, attempt, policy } = ruled
  const run = attempt.trigger.run ?? attempt.decisionId
  const open = await findOpenSession(tx, { agent: agent.id, run })
  if (open !== undefined) return join(context, tx, { ruled, sessionId: open })
  const exceptOwner = policy.separationOfDuties ? agent.ownerId : null
  const supervisors = await availableSupervisors(context, tx, exceptOwner)
  if (supervisors.length === 0) return { result: 'queued', queueEntry: await enqueue(context, tx, ruled) }
  const sessionId = await start(context, tx, { ruled, run, supervisors: supervisors.map(({ userId }) => userId) })
  return join(context, tx, { ruled, sessionId })
}

/** Opens the session of a run, or finds the one that somebody opened at the same time. */
async function start(
  context: GovernorContext,
  tx: Tx,
  { ruled, run, supervisors }: { readonly ruled: RuledAttempt; readonly run: string; readonly supervisors: string[] },
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
    const body = { decisionId, action: action.name, supervisors }
    const opened = { id: session.id, agent: agent.id }
    await tellSession(context, tx, { session: opened, kind: 'supervision_session.started', actor, body })
  }
  return session.id
}

/** Lets a step wait in a session, where those who watch see it before it begins. */
async function join(
  context: GovernorContext,
  tx: Tx,
  { ruled, sessionId }: { readonly ruled: RuledAttempt; readonly sessionId: string },
): Promise<SupervisionResult> {
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
  return { result: 'session', sessionId }
}

// High first, then age: domain rule of the queue. Critical work never waits here, it needs approval.
const PRIORITIES: Readonly<Record<Risk, number>> = { safe: 1, medium: 5, high: 8, critical: 9 }

/** Lets an attempt wait in the supervised queue. */
export async function enqueue(
  context: GovernorContext,
  tx: Tx,
  ruled: RuledAttempt,
): Promise<QueueDecision['queueEntry']> {
  const entry = newEntry(context, ruled)
  // The same key in two transactions at once: the second one starts over and finds what the first one wrote.
  if (!(await insertQueueEntry(tx, entry))) throw new GovernanceError('IDEMPOTENCY_IN_FLIGHT')
  await context.journal.append(tx, {
    kind: 'queue_entry.created',
    subject: entry.id,
    agent: entry.agent,
    body: {
      actor: actorName(ruled.attempt.actor),
      decisionId: entry.decisionId,
      action: entry.action,
      priority: entry.priority,
      expiresAt: entry.expiresAt,
    },
  })
  return { id: entry.id, expiresAt: entry.expiresAt }
}

function newEntry(
  context: GovernorContext,
  { attempt, agent, action, args, argsHash, risk }: RuledAttempt,
): NewQueueEntry {
  const now = context.clock.now()
  return {
    id: context.ids.next('que'),
    agent: agent.id,
    decisionId: attempt.decisionId,
    idempotencyKey: attempt.idempotencyKey,
    action: action.name,
    digest: action.digest,
    args,
    sensitive: action.sensitivePaths,
    argsHash,
    risk,
    source: attempt.actor.source,
    type: attempt.trigger.type ?? null,
    resource: attempt.trigger.resource ?? null,
    priority: PRIORITIES[risk],
    expiresAt: isoTime(now + context.settings.queueTtlMs),
    at: isoTime(now),
  }
}
