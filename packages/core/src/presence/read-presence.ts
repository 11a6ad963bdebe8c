import type { HeartbeatAnswer, HeartbeatOptions, Page, PageQuery, Presence, PresenceSession } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { availableSupervisors } from './available-supervisors.ts'
import type { Heartbeats } from './heartbeats.ts'
import { presenceMoment } from './presence-moment.ts'
import { endOpenSession, listSessionsOf } from './presence-session-store.ts'
import { findPresence, type PresenceRow } from './presence-store.ts'

const input = z.strictObject({
  active: z.boolean().default(true),
  sessionId: z.string().min(1).max(100).nullable().optional(),
})

/**
 * Records that the calling user is there and, unless `active` is false, acted just now.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, `NOT_FOUND` for a user who is no member, or the code of
 * a fault.
 */
export async function heartbeat(
  heartbeats: Heartbeats,
  actor: Actor,
  options: HeartbeatOptions,
): Promise<HeartbeatAnswer> {
  const userId = actor.principal.id
  authorize(actor, 'presence.heartbeat', { user: userId })
  const { active, sessionId } = parseInput(input, options, 'heartbeat')
  return heartbeats({ workspace: actor.workspace, userId, active, sessionId })
}

/** @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault. */
export async function readPresence(context: GovernorContext, actor: Actor, userId: string): Promise<Presence> {
  authorize(actor, 'presence.get')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const row = await findPresence(tx, userId, presenceMoment(context))
    return row === undefined ? { userId, state: 'offline', lastActivityAt: null, override: null } : shownPresence(row)
  })
}

/** @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault. */
export async function readAvailableSupervisors(context: GovernorContext, actor: Actor): Promise<readonly Presence[]> {
  authorize(actor, 'presence.available')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) =>
    (await availableSupervisors(context, tx, null)).map(shownPresence),
  )
}

/**
 * Reads where a user is now, newest first.
 *
 * @throws GovernanceError `PERMISSION_DENIED` for somebody else's, `INPUT_INVALID`, or the code of a fault.
 */
export async function readPresenceSessions(
  context: GovernorContext,
  actor: Actor,
  { userId, ...query }: PageQuery & { readonly userId: string },
): Promise<Page<PresenceSession>> {
  authorize(actor, 'presence.sessions', { user: userId })
  const limit = parseLimit(query.limit)
  const before = cursorTimePlace(query.cursor)
  const sessions = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listSessionsOf(tx, { userId, before, limit }),
  )
  return pageOf(sessions, limit, ({ openedAt, id }) => [openedAt, id])
}

/**
 * Ends a session of the calling user; an administrator ends anybody's.
 *
 * @throws GovernanceError `NOT_FOUND`, also for the session of somebody else, `PERMISSION_DENIED`, or the code of a
 * fault.
 */
export async function endPresenceSession(context: GovernorContext, actor: Actor, id: string): Promise<PresenceSession> {
  const access = authorize(actor, 'presence.end_session')
  const userId = access === 'own' ? actor.principal.id : null
  const at = isoTime(context.clock.now())
  const ended = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    endOpenSession(tx, { id, userId, at }),
  )
  if (ended === undefined) throw recordNotFound('open presence session', id)
  return ended
}

/** A member as the outside sees it. */
export function shownPresence({ userId, state, lastActivityAt, override }: PresenceRow): Presence {
  return { userId, state, lastActivityAt, override }
}
