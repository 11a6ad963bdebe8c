import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { availableSupervisors } from '../presence/available-supervisors.ts'
import { enqueue } from '../queue/enqueue.ts'
import type { ProposeRequest, RuledAttempt, SupervisionResult } from '../routing/consequences.ts'
import { openSession } from './store.ts'

/** Opens the session of the run when somebody can watch it, else lets the attempt wait in the queue. */
export async function supervise(context: GovernorContext, tx: Tx, request: ProposeRequest): Promise<SupervisionResult> {
  const sessionId = await watch(context, tx, request.ruled)
  if (sessionId === null) return { result: 'queued', queueEntry: await enqueue(context, tx, request) }
  return { result: 'session', sessionId }
}

/** Opens the session of the run, or joins it, when somebody can watch it; null otherwise. */
export async function watch(context: GovernorContext, tx: Tx, ruled: RuledAttempt): Promise<string | null> {
  const { agent, attempt, policy, action, argsHash } = ruled
  const exceptOwner = policy.separationOfDuties ? agent.ownerId : null
  const supervisors = await availableSupervisors(context, tx, exceptOwner)
  if (supervisors.length === 0) return null
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
  return session.id
}
