import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError, type Identity } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import type { Watch } from '../history.ts'
import type { Append } from './log.ts'
import { realTime } from './machine-clock.ts'

const EVERY_MS = 120
// Longer than a lease lasts.
const AWAY_MS = 2_600
const AWAY_AFTER_MS = 700

interface Watching {
  readonly workspaces: readonly string[]
  readonly supervisor: string
  readonly log: Append
}

/**
 * Supervises as a person at a screen would: shows up, attaches to what nobody watches, and keeps hold of it. From some
 * sessions it turns away for a while.
 */
export async function superviseWhile(
  isOpen: () => boolean,
  governor: EmbeddedGovernor,
  { workspaces, supervisor, log }: Watching,
): Promise<void> {
  const seen = new Map<string, number>()
  while (isOpen()) {
    for (const workspace of workspaces) {
      const identity: Identity = { workspace, principal: { kind: 'user', id: supervisor, roles: ['supervisor'] } }
      const scope = governor.as(identity)
      try {
        await scope.presence.heartbeat()
        const { items } = await scope.sessions.list({ state: 'active', limit: 20 })
        for (const { id, supervisorId } of items) {
          if (supervisorId !== null && supervisorId !== supervisor) continue
          if (!isAway(seen, id)) await watch(log, { workspace, session: id }, () => scope.sessions.attach(id))
        }
      } catch {
        // The store is away: the next look will tell.
      }
    }
    await sleep(EVERY_MS)
  }
}

function isAway(seen: Map<string, number>, session: string): boolean {
  const first = seen.get(session) ?? realTime()
  seen.set(session, first)
  const since = realTime() - first
  const isLeft = session.charCodeAt(session.length - 1) % 3 === 0
  return isLeft && since > AWAY_AFTER_MS && since < AWAY_AFTER_MS + AWAY_MS
}

/** Writes down that it is watched before it is, and again once that was answered. */
async function watch(
  log: Append,
  target: Pick<Watch, 'workspace' | 'session'>,
  attach: () => Promise<unknown>,
): Promise<void> {
  const id = randomUUID()
  const asked: Watch = { ...target, invokedAt: realTime(), isRefused: false, answeredAt: null }
  log({ line: 'watch', id, ...asked })
  try {
    await attach()
    log({ line: 'watch', id, ...asked, answeredAt: realTime() })
  } catch (error) {
    // Somebody else was faster, or the session has ended; where the store was away nobody knows.
    const isRefused = GovernanceError.isInstance(error) && error.status < 500
    if (isRefused) log({ line: 'watch', id, ...asked, isRefused, answeredAt: realTime() })
  }
}
