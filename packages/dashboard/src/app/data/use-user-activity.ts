import type { HeartbeatAnswer } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { followActivity } from './activity.ts'
import { usePowers } from './roles.ts'
import { useSignedIn } from './session-context.ts'

/** The query of the presence of a person. */
export const presenceKey = (userId: string): readonly ['presence', 'of', string] => ['presence', 'of', userId]

/** Tells the server that who is signed in uses the page, for as long as that is so: presence follows from it. */
export function useUserActivity(): void {
  const { scope, identity } = useSignedIn()
  const { supervises } = usePowers()
  const client = useQueryClient()
  const { kind, id } = identity.principal
  const isHeard = supervises && kind === 'user'
  useEffect(() => {
    if (!isHeard) return
    // One session of presence for each tab.
    let sessionId: string | null = null
    const take = ({ sessionId: session, ...presence }: HeartbeatAnswer): void => {
      sessionId = session
      client.setQueryData(presenceKey(id), presence)
    }
    return followActivity({
      target: window,
      isVisible: () => document.visibilityState === 'visible',
      tell: () =>
        scope.presence.heartbeat({ sessionId }).then(take, (error: unknown) => {
          // The session may have been closed: the next heartbeat opens another one.
          sessionId = null
          throw error
        }),
    })
  }, [isHeard, scope, client, id])
}
