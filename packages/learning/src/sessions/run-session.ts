import { inWorkspace, isoTime, type PluginWork, type Tx } from '@preceptor/core/plugin'
import { LEARNING } from '../learning-actor.ts'
import type { SessionPorts } from '../ports/session-ports.ts'
import { attemptSession, type SessionResult, type SessionWork } from './attempt-session.ts'
import { prepareSession } from './prepare-session.ts'
import { claimSession, endSession } from './session-store.ts'
import type { StoredSession } from './stored-session.ts'

const MOST_ATTEMPTS = 3
const LEASE_MARGIN_MS = 30_000

/** Works on a session, whoever claims it first; harmless when it has ended or another worker holds it. */
export async function runSession(ports: SessionPorts, { workspace, id }: PluginWork): Promise<void> {
  if (id === undefined) return
  const work = await inWorkspace(ports.context.database, { workspace }, (tx) => claim(ports, tx, id))
  if (work !== undefined) await finishSession(ports, workspace, work)
}

/** Improves and scores, and ends the session unless somebody took it over; gives the session as it ended here. */
export async function finishSession(
  ports: SessionPorts,
  workspace: string,
  work: SessionWork,
): Promise<StoredSession | undefined> {
  const { context, parts } = ports
  const result = await attemptSession(parts, workspace, work)
  const ended = await inWorkspace(context.database, { workspace }, (tx) => end(ports, tx, work.session, result))
  if (ended?.state === 'completed') {
    await ports.enqueue('adapt', { workspace, id: ended.agentType, key: ended.id })
  }
  return ended
}

/** Until when a worker that claims now holds a session: an improvement and a rating, each within its time, and some more. */
export function leaseUntil({ context, parts }: SessionPorts): string {
  return isoTime(context.clock.now() + parts.settings.timeoutMs * 2 + LEASE_MARGIN_MS)
}

async function claim(ports: SessionPorts, tx: Tx, id: string): Promise<SessionWork | undefined> {
  const session = await claimSession(tx, id, { at: isoTime(ports.context.clock.now()), until: leaseUntil(ports) })
  if (session === undefined) return undefined
  if (session.attempts <= MOST_ATTEMPTS) return prepareSession(ports.parts, tx, session)
  await end(ports, tx, session, tooOften(session))
  return undefined
}

function tooOften({ strategy }: StoredSession): SessionResult {
  const failure = 'It was tried too often: each worker that took it was gone before it ended.'
  const nothing = { improved: null, before: null, after: null, improvement: null, adaptationId: null, model: null }
  return { ...nothing, strategy, tried: [], examples: [], tags: [], failure }
}

async function end(
  { context: { clock, journal } }: SessionPorts,
  tx: Tx,
  session: StoredSession,
  result: SessionResult,
): Promise<StoredSession | undefined> {
  const now = clock.now()
  // The clock of another process may be ahead of this one.
  const durationMs = Math.max(0, now - Date.parse(session.startedAt ?? session.createdAt))
  const ended = await endSession(tx, session, { ...result, durationMs, at: isoTime(now) })
  if (ended === undefined) return undefined
  const { agentType, agent, strategy, adaptationId, improvement, mode, failure } = ended
  const common = { actor: LEARNING, agentType, mode, strategy }
  await journal.append(tx, {
    kind: failure === null ? 'learning_session.completed' : 'learning_session.failed',
    subject: ended.id,
    ...(agent === null ? {} : { agent }),
    body: failure === null ? { ...common, adaptation: adaptationId, improvement } : { ...common, failure },
  })
  return ended
}
