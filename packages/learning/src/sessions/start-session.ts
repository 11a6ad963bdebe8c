import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, agentFilter, getAgent, inWorkspace, isoTime, type Tx } from '@preceptor/core/plugin'
import type { LearningSession, LearningSessionRequest } from '../client/trainer.ts'
import type { SessionPorts } from '../ports/session-ports.ts'
import { strategyNameOf } from '../strategies/strategy-name.ts'
import { parseSession, type SessionDraft } from './parse-session.ts'
import { prepareSession } from './prepare-session.ts'
import { finishSession, leaseUntil } from './run-session.ts'
import { findSession, insertSession } from './session-store.ts'
import { type StoredSession, shownSession } from './stored-session.ts'

/**
 * Starts a session: `batch` leaves it to a worker, the others are worked on here and answered once they have ended. What
 * this process does not finish, a worker does.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, `NOT_FOUND` for an agent that is not there.
 */
export async function startSession(
  ports: SessionPorts,
  actor: Actor,
  request: LearningSessionRequest,
): Promise<LearningSession> {
  const { authorizer, context, parts } = ports
  authorizer.authorize(actor, 'learning.sessions.start', targetOf(request))
  const draft = parseSession(parts, request)
  assertNamed(actor, draft)
  const { workspace } = actor
  const { session, work } = await inWorkspace(context.database, { workspace }, async (tx) => {
    const written = await begin(ports, tx, { draft, actor })
    return { session: written, work: written.state === 'running' ? await prepareSession(parts, tx, written) : null }
  })
  if (work === null) {
    await ports.enqueue('session', { workspace, id: session.id, key: 'first' })
    return shownSession(session)
  }
  const ended =
    (await finishSession(ports, workspace, work)) ??
    // It took so long that a worker has it by now.
    (await inWorkspace(context.database, { workspace }, (tx) => findSession(tx, session.id)))
  return shownSession(ended ?? session)
}

async function begin(
  ports: SessionPorts,
  tx: Tx,
  { draft, actor }: { readonly draft: SessionDraft; readonly actor: Actor },
): Promise<StoredSession> {
  const { clock, ids, journal } = ports.context
  const { agent, agentType, mode, format } = draft
  if (agent !== null) await getAgent(tx, agent)
  const by = actorName(actor)
  const session = await insertSession(tx, draft, {
    id: ids.next('lss'),
    strategy: strategyNameOf(ports.parts.strategies, agentType),
    actor: by,
    at: isoTime(clock.now()),
    // What is worked on here at once is held from the start, so that no worker takes it meanwhile.
    heldUntil: mode === 'batch' ? null : leaseUntil(ports),
  })
  await journal.append(tx, {
    kind: 'learning_session.created',
    subject: session.id,
    ...(agent === null ? {} : { agent }),
    body: { actor: by, agentType, mode, format },
  })
  return session
}

/** The agent, where one is named; whatever else the request holds is looked at once its sender may send it. */
function targetOf(request: unknown): { readonly agent?: string } {
  const agent: unknown = typeof request === 'object' && request !== null ? Reflect.get(request, 'agent') : undefined
  return typeof agent === 'string' ? { agent } : {}
}

/** Who is bound to some agents trains on what these answered, and on nothing that is of no agent. */
function assertNamed(actor: Actor, { agent }: SessionDraft): void {
  if (agent !== null || agentFilter(actor) === null) return
  throw new GovernanceError('PERMISSION_DENIED', { message: `${actorName(actor)} must name one of its agents.` })
}
