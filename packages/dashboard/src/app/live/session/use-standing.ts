import type { SupervisionSessionDetail } from '@preceptor/client'
import { useMemo } from 'react'
import { useNow } from '../../data/now.ts'
import { usePowers } from '../../data/roles.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { type Standing, standingOf } from './standing.ts'

/** How a session stands now for who is signed in. */
export function useStanding(session: SupervisionSessionDetail): Standing {
  const { identity, clockOffset } = useSignedIn()
  const { supervises, administers } = usePowers()
  const userId = identity.principal.id
  const viewOf = (now: number) => standingOf(session, { userId, supervises, administers, now: now + clockOffset })
  // It renders anew only when what stands changes, though time is looked at each second.
  const key = useNow((now) => {
    const { may, ...facts } = viewOf(now)
    return JSON.stringify([facts, [...may]])
  })
  return useMemo(() => {
    const [facts, may]: [
      Omit<Standing, 'may'>,
      readonly (Standing['may'] extends ReadonlySet<infer Act> ? Act : never)[],
    ] = JSON.parse(key)
    return { ...facts, may: new Set(may) }
  }, [key])
}
