import type { ControlScope, SupervisionSessionDetail } from '@preceptor/client'
import { queryOptions } from '@tanstack/react-query'
import { isOver } from './standing.ts'

/** Who watches a session renews the lease without an event: it is looked at again within this time. */
const LOOK_AGAIN_MS = 10_000
const SOONEST_MS = 1_000

/** The query of a session with its steps and interventions. */
export function sessionQuery(scope: ControlScope, id: string) {
  return queryOptions({
    queryKey: ['sessions', 'one', id],
    queryFn: () => scope.sessions.get(id),
    refetchInterval: ({ state }: { readonly state: { readonly data: SupervisionSessionDetail | undefined } }) =>
      state.data !== undefined && isOver(state.data) ? false : lookAgainMs(state.data),
  })
}

/** Before the lease that is known has lapsed, where it is a short one. */
function lookAgainMs(session: SupervisionSessionDetail | undefined): number {
  const lease = session?.supervisorLeaseExpiresAt
  const left = lease === undefined || lease === null ? 0 : Date.parse(lease) - Date.now()
  return left <= 0 ? LOOK_AGAIN_MS : Math.min(LOOK_AGAIN_MS, Math.max(SOONEST_MS, left / 2))
}
