import type { Presence, PresenceState } from '@preceptor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import {
  presenceKey,
  presenceQuery,
  useIsHeard,
  useUserActivity as useToldActivity,
} from '../data/use-user-activity.ts'
import type { UserActivity } from './embed-props.ts'

/**
 * Tells the server while the person of the `PreceptorProvider` uses the page, and says what follows from it: whether they
 * are asked to supervise. A heartbeat goes out with the first thing that they do, and then every 30 s in which they did
 * something: a tab that nobody touches tells nothing, and the server makes them `away` after 5 min and `offline` after 15.
 * However many components ask, one heartbeat is sent. Whoever does not supervise has no presence.
 *
 * @example
 * ```tsx
 * import { useUserActivity } from '@preceptor/dashboard/react'
 *
 * export function Shift() {
 *   const { presence, override, clearOverride } = useUserActivity()
 *   const isAway = presence?.override?.state === 'away'
 *   return (
 *     <button type="button" onClick={() => void (isAway ? clearOverride() : override('away'))}>
 *       {isAway ? 'I am back' : 'I take a break'} ({presence?.state ?? '…'})
 *     </button>
 *   )
 * }
 * ```
 */
export function useUserActivity(): UserActivity {
  useToldActivity()
  const { scope, identity } = useSignedIn()
  const client = useQueryClient()
  const isHeard = useIsHeard()
  const { id } = identity.principal
  const { data: presence } = useQuery({ ...presenceQuery(scope, id), enabled: isHeard })
  const acts = useMemo(() => {
    const take = (after: Presence): Presence => {
      client.setQueryData(presenceKey(id), after)
      void client.invalidateQueries({ queryKey: ['presence'] })
      return after
    }
    return {
      override: (state: PresenceState, until?: string | null) =>
        scope.presence.override(id, { state, ...(until === undefined ? {} : { until }) }).then(take),
      clearOverride: () => scope.presence.clearOverride(id).then(take),
    }
  }, [scope, client, id])
  return { presence, ...acts }
}
