import type { HeartbeatAnswer, PresenceSession } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { announce } from './announce.ts'
import { type PresenceMoment, presenceMoment } from './presence-moment.ts'
import { type HeardSession, insertSessions, listOpenSessions, renewSessions } from './presence-session-store.ts'
import { type PresenceRow, recordHeard, recordPlainActs } from './presence-store.ts'

/** A heartbeat of a member. */
export interface HeartbeatRequest {
  readonly workspace: string
  readonly userId: string
  /** Whether a person acted, rather than a timer. */
  readonly active: boolean
  /** The session that it comes from; null opens one, undefined goes without. */
  readonly sessionId: string | null | undefined
}

// Clients send one every 30 s: each of those is written, and what several tabs send in between is not.
const COALESCED_MS = 25_000

/** Records heartbeats in one transaction; undefined for each of somebody who is no member. */
export async function recordHeartbeats(
  context: GovernorContext,
  workspace: string,
  requests: readonly HeartbeatRequest[],
): Promise<readonly (HeartbeatAnswer | undefined)[]> {
  const scope = { workspace, deadlineMs: context.settings.deadlineMs, retry: true, named: true }
  return inWorkspace(context.database, scope, async (tx) => {
    const moment = presenceMoment(context)
    const members = await recordPresences(context, tx, { requests, moment })
    const sessions = await keepSessions(context, tx, {
      requests: requests.filter(({ userId }) => members.has(userId)),
      moment,
    })
    return requests.map((request) => {
      const member = members.get(request.userId)
      return member && { ...shown(member), sessionId: sessions.get(request) ?? null }
    })
  })
}

function shown({ userId, state, lastActivityAt, override }: PresenceRow): Omit<HeartbeatAnswer, 'sessionId'> {
  return { userId, state, lastActivityAt, override }
}

interface Batch {
  readonly requests: readonly HeartbeatRequest[]
  readonly moment: PresenceMoment
}

/** The presence of each member, with what was heard; what would change nothing that anybody sees is not written. */
async function recordPresences(
  context: GovernorContext,
  tx: Tx,
  { requests, moment }: Batch,
): Promise<ReadonlyMap<string, PresenceRow>> {
  const acted = new Set(requests.filter(({ active }) => active).map(({ userId }) => userId))
  const others = new Set(requests.map(({ userId }) => userId))
  const since = isoTime(dueBefore(moment))
  const members = new Map<string, PresenceRow>()
  for (const row of await recordPlainActs(tx, { acted: [...acted], since, moment })) {
    members.set(row.userId, row)
    others.delete(row.userId)
  }
  if (others.size === 0) return members
  const users = [...others]
  const heard = { users, acted: users.filter((user) => acted.has(user)), since, moment }
  const rows = await recordHeard(tx, heard)
  const changed = rows.filter(({ state, announced }) => state !== announced).map(({ userId }) => userId)
  // Time alone has changed the others: that is for the job to tell.
  const own = changed.filter((user) => acted.has(user))
  if (own.length > 0) await announce(context, tx, { users: own, moment, actor: (user) => `user:${user}` })
  for (const row of rows) members.set(row.userId, row)
  return members
}

/** What was heard after this time need not be written again; never so late that somebody would count as away. */
function dueBefore({ at, awayAfterMs }: PresenceMoment): number {
  return Date.parse(at) - Math.min(COALESCED_MS, awayAfterMs / 2)
}

/** Renews the sessions that the heartbeats name, and opens those that are asked for; gives the session of each. */
async function keepSessions(
  context: GovernorContext,
  tx: Tx,
  { requests, moment }: Batch,
): Promise<ReadonlyMap<HeartbeatRequest, string>> {
  const named = requests.flatMap(({ sessionId }) => (typeof sessionId === 'string' ? [sessionId] : []))
  const open = named.length === 0 ? [] : await listOpenSessions(tx, named)
  const known = new Map(open.map((session) => [session.id, session]))
  const kept = new Map<HeartbeatRequest, string>()
  const renewed = new Map<string, HeardSession>()
  const opened: HeardSession[] = []
  const since = dueBefore(moment)
  for (const request of requests) {
    const { sessionId, userId, active } = request
    if (sessionId === undefined) continue
    const session = known.get(sessionId ?? '')
    // Whoever comes back after a long sleep, or names what is not its own, gets a session of its own.
    const id = session?.userId === userId ? session.id : context.ids.next('prs')
    kept.set(request, id)
    if (session?.userId !== userId) opened.push({ id, userId, active })
    else if (isSilent(session, { active, since })) renewed.set(id, { id, userId, active })
  }
  if (opened.length > 0) await insertSessions(tx, opened, moment.at)
  if (renewed.size > 0) await renewSessions(tx, [...renewed.values()], moment.at)
  return kept
}

function isSilent(
  { lastHeartbeatAt, lastActivityAt }: PresenceSession,
  { active, since }: { readonly active: boolean; readonly since: number },
): boolean {
  if (Date.parse(lastHeartbeatAt) <= since) return true
  return active && (lastActivityAt === null || Date.parse(lastActivityAt) <= since)
}
