import type { ControlScope, SupervisionSessionDetail } from '@preceptor/client'
import { queryOptions } from '@tanstack/react-query'
import { isOver } from './standing.ts'

/** Who watches a session renews the lease without an event: it is looked at again within this time. */
const LOOK_AGAIN_MS = 10_000

/** The query of a session with its steps and interventions. */
export function sessionQuery(scope: ControlScope, id: string) {
  return queryOptions({
    queryKey: ['sessions', 'one', id],
    queryFn: () => scope.sessions.get(id),
    refetchInterval: ({ state }: { readonly state: { readonly data: SupervisionSessionDetail | undefined } }) =>
      state.data !== undefined && isOver(state.data) ? false : LOOK_AGAIN_MS,
  })
}
