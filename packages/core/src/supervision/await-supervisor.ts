import { setTimeout as delay } from 'node:timers/promises'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { SupervisorWait } from '../routing/consequences.ts'
import { findSession } from './store.ts'

const LOOK_EVERY_MS = 200

/**
 * Waits until a session is running under a live lease; false when nobody attached in time, it ended, or the caller gave
 * up. It looks again and again and holds nothing in between.
 */
export async function awaitSupervisor(context: GovernorContext, wait: SupervisorWait): Promise<boolean> {
  const until = context.clock.monotonic() + wait.withinMs
  for (;;) {
    const seen = await look(context, wait)
    if (seen !== 'waiting') return seen === 'watched'
    if (wait.signal?.aborted === true || context.clock.monotonic() >= until) return false
    await delay(Math.min(LOOK_EVERY_MS, wait.withinMs))
  }
}

async function look(context: GovernorContext, wait: SupervisorWait): Promise<'watched' | 'waiting' | 'ended'> {
  const { workspace, sessionId } = wait
  const options = { workspace, deadlineMs: context.settings.deadlineMs }
  const session = await inWorkspace(context.database, options, (tx) => findSession(tx, sessionId))
  if (session === undefined || session.endedAt !== null) return 'ended'
  const lease = session.supervisorLeaseExpiresAt
  const watched = session.state === 'running' && lease !== null && Date.parse(lease) > context.clock.now()
  return watched ? 'watched' : 'waiting'
}
