import type { ControlScope, HeartbeatAnswer } from '@preceptor/client'
import { type QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { followActivity } from './activity.ts'
import { usePowers } from './roles.ts'
import { useSignedIn } from './session-context.ts'

/** Time turns online into away without an event. */
const LOOK_AGAIN_MS = 60_000

/** The query of the presence of a person. */
export const presenceKey = (userId: string): readonly ['presence', 'of', string] => ['presence', 'of', userId]

/** The query of the presence of who is signed in, looked at again while it is shown. */
export function presenceQuery(scope: ControlScope, userId: string) {
  return queryOptions({
    queryKey: presenceKey(userId),
    queryFn: () => scope.presence.get(userId),
    refetchInterval: LOOK_AGAIN_MS,
  })
}

/** Whether the presence of who is signed in counts: only people who supervise have one. */
export function useIsHeard(): boolean {
  const { kind } = useSignedIn().identity.principal
  const { supervises } = usePowers()
  return supervises && kind === 'user'
}

/** Tells the server that who is signed in uses the page, for as long as that is so: presence follows from it. */
export function useUserActivity(): void {
  const { scope, identity } = useSignedIn()
  const client = useQueryClient()
  const { id } = identity.principal
  const isHeard = useIsHeard()
  useEffect(() => (isHeard ? shareActivity(client, { scope, id }) : undefined), [isHeard, scope, client, id])
}

interface Person {
  readonly scope: ControlScope
  readonly id: string
}

interface Shared {
  users: number
  readonly stop: () => void
}

const shared = new WeakMap<QueryClient, Map<ControlScope, Shared>>()

/** Follows the activity of a person once, however many parts of the page ask for it. @returns what ends it for one of them */
function shareActivity(client: QueryClient, person: Person): () => void {
  const ofClient = shared.get(client) ?? new Map<ControlScope, Shared>()
  shared.set(client, ofClient)
  const one = ofClient.get(person.scope) ?? { users: 0, stop: tellActivity(client, person) }
  ofClient.set(person.scope, one)
  one.users += 1
  return () => {
    one.users -= 1
    if (one.users > 0) return
    ofClient.delete(person.scope)
    one.stop()
  }
}

function tellActivity(client: QueryClient, { scope, id }: Person): () => void {
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
}
