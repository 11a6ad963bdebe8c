import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import { proposalListQuery } from '../data/proposals.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useKeys } from '../keys/use-keys.ts'
import { useLive } from '../shell/layout.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { EmptyInbox } from './empty-inbox.tsx'
import { InboxFilters } from './inbox-filters.tsx'
import { ProposalRow } from './proposal-row.tsx'
import { sortProposals } from './sort-proposals.ts'
import { OrderContext } from './use-order.ts'

const route = getRouteApi('/inbox')

/** The queue of what waits for a person, with the card of the open proposal beside it. */
export function Inbox(): ReactNode {
  const search = route.useSearch()
  const { proposalId } = useParams({ strict: false })
  const { scope } = useSignedIn()
  const list = useInfiniteQuery(proposalListQuery(scope, { state: search.state ?? 'pending', agent: search.agent }))
  const { data } = list
  const shown = useMemo(() => sortProposals(data?.pages.flatMap(({ items }) => items) ?? [], search), [data, search])
  const order = useMemo(() => shown.map(({ id }) => id), [shown])
  return (
    <OrderContext value={order}>
      <div className={proposalId === undefined ? 'inbox' : 'inbox inbox-open'}>
        <section className="inbox-list" aria-labelledby="inbox-title">
          <div className="inbox-head">
            <h1 id="inbox-title" className="inbox-title">
              Inbox
              <span className="count">
                {shown.length}
                {list.hasNextPage ? '+' : ''}
                <span className="visually-hidden"> proposals</span>
              </span>
            </h1>
            <InboxFilters search={search} />
            <Arrivals list={list} isEmpty={shown.length === 0} />
          </div>
          {list.isError ? <ProblemNote error={list.error} /> : null}
          {list.isPending ? <p className="inbox-wait">Reading the list…</p> : null}
          {list.isSuccess && shown.length === 0 ? <EmptyInbox search={search} /> : null}
          <Rows order={order} openId={proposalId}>
            {shown.map((proposal) => (
              <ProposalRow
                key={proposal.id}
                proposal={proposal}
                isOpen={proposal.id === proposalId}
                isListOfWaiting={search.state === undefined}
              />
            ))}
          </Rows>
          {list.hasNextPage ? (
            <Button className="inbox-more" disabled={list.isFetching} onClick={() => void list.fetchNextPage()}>
              Show more
            </Button>
          ) : null}
        </section>
        <Outlet />
      </div>
    </OrderContext>
  )
}

interface RowsProps {
  readonly order: readonly string[]
  readonly openId: string | undefined
  readonly children: ReactNode
}

/** The rows; J and K go through them, and through the cards where one is open. */
function Rows({ order, openId, children }: RowsProps): ReactNode {
  const list = useRef<HTMLUListElement>(null)
  const navigate = useNavigate()
  const search = route.useSearch()
  const move = (by: number): void => {
    const links = [...(list.current?.querySelectorAll<HTMLAnchorElement>('a.row') ?? [])]
    const focused = links.findIndex((link) => link.matches(':focus'))
    const from = openId === undefined ? focused : order.indexOf(openId)
    const to = from < 0 ? 0 : Math.min(Math.max(from + by, 0), links.length - 1)
    const id = order[to]
    if (openId !== undefined && id !== undefined) {
      void navigate({ to: '/inbox/$proposalId', params: { proposalId: id }, search })
    } else links[to]?.focus()
  }
  const step = { j: () => move(1), k: () => move(-1) }
  useKeys(openId === undefined ? { ...step, arrowdown: step.j, arrowup: step.k } : step)
  return (
    <ul className="rows" ref={list}>
      {children}
    </ul>
  )
}

interface ArrivalsProps {
  readonly list: { readonly isSuccess: boolean; readonly refetch: () => Promise<unknown> }
  readonly isEmpty: boolean
}

/** What came meanwhile waits behind a button: a list never moves under the cursor. */
function Arrivals({ list, isEmpty }: ArrivalsProps): ReactNode {
  const { arrived, clear } = useLive()
  const { refetch, isSuccess } = list
  const count = arrived.size
  useEffect(() => {
    if (!isSuccess || !isEmpty || count === 0) return
    clear()
    void refetch()
  }, [isSuccess, isEmpty, count, clear, refetch])
  const show = (): void => {
    clear()
    void refetch()
  }
  return (
    <div role="status" className="arrivals">
      {count === 0 ? null : (
        <Button kind="primary" className="pill" onClick={show}>
          {count} new ↑
        </Button>
      )}
    </div>
  )
}
