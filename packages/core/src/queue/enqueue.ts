import { GovernanceError, type QueueDecision, type Risk } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { ProposeRequest, RuledAttempt } from '../routing/consequences.ts'
import { findWaiting, insertQueueEntry, type NewQueueEntry } from './queue-store.ts'

// High first, then age: domain rule of the queue. Critical work never waits here, it needs approval.
const PRIORITIES: Readonly<Record<Risk, number>> = { safe: 1, medium: 5, high: 8, critical: 9 }

/** Lets an attempt wait in the supervised queue. */
export async function enqueue(
  context: GovernorContext,
  tx: Tx,
  { ruled, isAwaited }: ProposeRequest,
): Promise<QueueDecision['queueEntry']> {
  // Who asked under a guard comes back for it; else a worker runs it, where there is an executor.
  const executor = isAwaited || ruled.action.execute === null ? 'caller' : 'registered'
  const entry = { ...newEntry(context, ruled), executor } as const
  // Who calls again without a key of its own waits already: people are not asked to watch the same thing twice.
  const waiting = executor === 'caller' && !ruled.attempt.keyed ? await findWaiting(tx, entry) : undefined
  if (waiting !== undefined) return waiting
  // The same key in two transactions at once: the second one starts over and finds what the first one wrote.
  if (!(await insertQueueEntry(tx, entry))) throw new GovernanceError('IDEMPOTENCY_IN_FLIGHT')
  await context.journal.append(tx, {
    kind: 'queue_entry.created',
    subject: entry.id,
    agent: entry.agent,
    body: {
      actor: entry.askedBy,
      decisionId: entry.decisionId,
      action: entry.action,
      priority: entry.priority,
      executor,
      expiresAt: entry.expiresAt,
    },
  })
  return { id: entry.id, expiresAt: entry.expiresAt }
}

function newEntry(
  context: GovernorContext,
  { attempt, agent, action, args, argsHash, risk }: RuledAttempt,
): Omit<NewQueueEntry, 'executor'> {
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
    askedBy: actorName(attempt.actor),
    delegation: attempt.trigger.delegation ?? [],
    priority: PRIORITIES[risk],
    expiresAt: isoTime(now + context.settings.queueTtlMs),
    at: isoTime(now),
  }
}
