import { GovernanceError, type QueueDecision, type Risk } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { availableSupervisors } from '../presence/available-supervisors.ts'
import type { RuledAttempt, SupervisionResult } from '../routing/consequences.ts'
import { insertQueueEntry, type NewQueueEntry } from './queue-store.ts'
import { openSession } from './store.ts'

/** Opens the session of the run when somebody can watch it, else lets the attempt wait in the queue. */
export async function supervise(context: GovernorContext, tx: Tx, ruled: RuledAttempt): Promise<SupervisionResult> {
  const { agent, attempt, policy, action, argsHash } = ruled
  const exceptOwner = policy.separationOfDuties ? agent.ownerId : null
  const supervisors = await availableSupervisors(context, tx, exceptOwner)
  if (supervisors.length === 0) return { result: 'queued', queueEntry: await enqueue(context, tx, ruled) }
  const session = await openSession(tx, {
    id: context.ids.next('ses'),
    agent: agent.id,
    run: attempt.trigger.run ?? attempt.decisionId,
    decisionId: attempt.decisionId,
    action: action.name,
    argsHash,
    at: isoTime(context.clock.now()),
  })
  if (session.opened) {
    await context.journal.append(tx, {
      kind: 'supervision_session.started',
      subject: session.id,
      agent: agent.id,
      body: {
        actor: actorName(attempt.actor),
        decisionId: attempt.decisionId,
        action: action.name,
        supervisors: supervisors.map(({ userId }) => userId),
      },
    })
  }
  return { result: 'session', sessionId: session.id }
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
