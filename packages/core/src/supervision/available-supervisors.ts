import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { presenceState } from './presence-state.ts'
import { listSupervisors, type PresenceRow } from './presence-store.ts'

/** The users who can watch one more run now: with the role, online, and with fewer sessions than the limit. */
export async function availableSupervisors(
  context: GovernorContext,
  tx: Tx,
  except: string | null,
): Promise<readonly PresenceRow[]> {
  const now = context.clock.now()
  const supervisors = await listSupervisors(tx, isoTime(now))
  return supervisors.filter(
    (supervisor) =>
      supervisor.userId !== except &&
      supervisor.openSessions < context.settings.sessionsPerSupervisor &&
      stateOf(context, supervisor) === 'online',
  )
}

/** The state of a user now. */
export function stateOf(context: GovernorContext, presence: PresenceRow): ReturnType<typeof presenceState> {
  const facts = {
    lastActivityAt: Date.parse(presence.lastActivityAt),
    overrideState: presence.overrideState,
    overrideUntil: presence.overrideUntil === null ? null : Date.parse(presence.overrideUntil),
  }
  return presenceState(facts, context.settings, context.clock.now())
}
