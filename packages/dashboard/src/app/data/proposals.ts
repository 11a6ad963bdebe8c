import type { ControlScope, Page, Proposal } from '@preceptor/client'
import { type InfiniteData, infiniteQueryOptions, type QueryClient } from '@tanstack/react-query'

/** What a list holds: one state, `active` for everything that has not ended, `all`. */
export interface ProposalFilter {
  readonly state: string
  readonly agent: string | undefined
}

const PAGE = 50

/** The query of a list of proposals, newest first. */
export function proposalListQuery(scope: ControlScope, { state, agent }: ProposalFilter) {
  return infiniteQueryOptions({
    queryKey: ['proposals', state, agent ?? ''],
    queryFn: ({ pageParam }) =>
      scope.proposals.list({
        limit: PAGE,
        ...(state === 'all' ? {} : { state }),
        ...(agent === undefined ? {} : { agent }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

type Lists = InfiniteData<Page<Proposal>, string | null>

/** Puts what is now known of a proposal into every list that shows it; the lists keep their order. */
export function patchLists(client: QueryClient, proposal: Proposal): void {
  client.setQueriesData<Lists>({ queryKey: ['proposals'] }, (lists) =>
    lists === undefined
      ? lists
      : {
          ...lists,
          pages: lists.pages.map((page) => ({
            ...page,
            items: page.items.map((item) => (item.id === proposal.id ? proposal : item)),
          })),
        },
  )
}

/** Tells whether a list shows a proposal. */
export function isListed(client: QueryClient, id: string): boolean {
  return client
    .getQueriesData<Lists>({ queryKey: ['proposals'] })
    .some(([, lists]) => lists?.pages.some(({ items }) => items.some((item) => item.id === id)) === true)
}
