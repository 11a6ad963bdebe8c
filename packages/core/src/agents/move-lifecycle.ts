import { type Agent, GovernanceError, type Lifecycle } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { EventKind } from '../journal/event-kinds.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { getAgent } from './get-agent.ts'
import { LIFECYCLE } from './lifecycle.ts'
import { updateLifecycle } from './store.ts'

/** What a person can do to the lifecycle. */
export type LifecycleMove = 'pause' | 'resume' | 'stop' | 'retire'

const MOVES = {
  pause: { to: 'paused', operation: 'agents.pause', kind: 'agent.paused' },
  resume: { to: 'active', operation: 'agents.resume', kind: 'agent.resumed' },
  stop: { to: 'stopped', operation: 'agents.stop', kind: 'agent.stopped' },
  retire: { to: 'retired', operation: 'agents.retire', kind: 'agent.retired' },
} as const satisfies Record<LifecycleMove, { to: Lifecycle; operation: string; kind: EventKind }>

/**
 * Moves the lifecycle of an agent; every move bumps its epoch.
 *
 * @throws GovernanceError `CONFLICT` when its state does not allow the move, `NOT_FOUND`, `PERMISSION_DENIED`,
 * `INPUT_INVALID`, or the code of a fault.
 */
export async function moveLifecycle(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly move: LifecycleMove; readonly reason: string },
): Promise<Agent> {
  const { to, operation, kind } = MOVES[request.move]
  authorize(actor, operation, { agent: request.id })
  const reason = parseReason(request.reason)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const move = { from: LIFECYCLE.sourcesOf(to), to, at: isoTime(context.clock.now()) }
    if (!(await updateLifecycle(tx, request.id, move))) {
      const { lifecycle } = await getAgent(tx, request.id)
      throw new GovernanceError('CONFLICT', {
        message: `The agent "${request.id}" is ${lifecycle}: it cannot ${request.move}.`,
        details: { lifecycle },
      })
    }
    await context.journal.append(tx, {
      kind,
      subject: request.id,
      agent: request.id,
      body: { actor: actorName(actor), reason: redactText(reason) },
    })
    return getAgent(tx, request.id)
  })
}
