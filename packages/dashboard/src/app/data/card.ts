import type { ControlScope } from '@preceptor/client'
import { queryOptions } from '@tanstack/react-query'

/** The query of a card: everything that a person needs to decide on a proposal. */
export function cardQuery(scope: ControlScope, id: string) {
  return queryOptions({ queryKey: ['card', id], queryFn: () => scope.proposals.card(id) })
}
