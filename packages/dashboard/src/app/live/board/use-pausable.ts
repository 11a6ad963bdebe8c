import type { SupervisionSession } from '@preceptor/client'
import { useNow } from '../../data/now.ts'
import { usePowers } from '../../data/roles.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { standingOf } from '../session/standing.ts'

/** The sessions that who looks may pause now. */
export function usePausable(sessions: readonly SupervisionSession[]): readonly SupervisionSession[] {
  const { identity, clockOffset } = useSignedIn()
  const powers = usePowers()
  const userId = identity.principal.id
  const ids = useNow((now) =>
    sessions
      .filter((session) => standingOf(session, { ...powers, userId, now: now + clockOffset }).may.has('pause'))
      .map(({ id }) => id)
      .join(' '),
  )
  const wanted = new Set(ids.split(' '))
  return sessions.filter(({ id }) => wanted.has(id))
}
