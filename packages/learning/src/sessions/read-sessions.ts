import type { Page } from '@preceptor/client'
import { type Actor, agentFilter, inWorkspace, recordNotFound } from '@preceptor/core/plugin'
import type { LearningSession, LearningSessionQuery } from '../client/trainer.ts'
import { parseId } from '../feedback/parse-feedback.ts'
import type { SessionPorts } from '../ports/session-ports.ts'
import { parseSessionQuery } from './parse-session.ts'
import { findSession, listSessions } from './session-store.ts'
import { shownSession } from './stored-session.ts'
import { visibleSession } from './visible-session.ts'

/** @throws GovernanceError `NOT_FOUND`, also for what the actor may not see; `PERMISSION_DENIED`. */
export async function readSession(
  { authorizer, context }: SessionPorts,
  actor: Actor,
  id: string,
): Promise<LearningSession> {
  const access = authorizer.authorize(actor, 'learning.sessions.get')
  const wanted = parseId(id)
  const found = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => findSession(tx, wanted))
  if (found === undefined || !authorizer.mayRead(actor, 'learning.sessions.get', found)) {
    throw recordNotFound('learning session', wanted)
  }
  return visibleSession(access, shownSession(found))
}

/** Lists the sessions that the actor may see, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readSessions(
  { authorizer, context }: SessionPorts,
  actor: Actor,
  query: LearningSessionQuery = {},
): Promise<Page<LearningSession>> {
  const access = authorizer.authorize(actor, 'learning.sessions.list')
  const wanted = { ...parseSessionQuery(query), only: agentFilter(actor) }
  const page = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => listSessions(tx, wanted))
  return { ...page, items: page.items.map((session) => visibleSession(access, shownSession(session))) }
}
