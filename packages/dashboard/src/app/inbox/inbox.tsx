import type { Proposal } from '@preceptor/client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet, useMatch, useNavigate, useParams } from '@tanstack/react-router'
import { Fragment, type ReactNode, useEffect, useMemo, useRef } from 'react'
import { useLive } from '../data/live.ts'
import { proposalListQuery } from '../data/proposals.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { isBatchable } from './alike.ts'
import { AlikeNote } from './alike-note.tsx'
import { EmptyInbox } from './empty-inbox.tsx'
import { InboxFilters } from './inbox-filters.tsx'
import { INBOX } from './inbox-messages.ts'
import type { InboxSearch, WorkKind } from './inbox-search.ts'
import { type InboxRow, otherRows } from './other-rows.tsx'
import { type OtherWork, useOtherWork } from './other-work.ts'
import { ProposalRow } from './proposal-row.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { kindOfProposal, sortProposals } from './sort-proposals.ts'
import { OrderContext } from './use-order.ts'
import { type Selection, useSelection } from './use-selection.ts'
import { WorkKinds } from './work-kinds.tsx'

const route = getRouteApi('/inbox')

/** Whoever reads the list opens a card next: it is fetched meanwhile. */
function useCardAhead(): void {
  useEffect(() => void import('../card/card-page.tsx').catch(() => undefined), [])
}

/** The queue of what waits for a person, with the card of the open proposal beside it. */
export function Inbox(): ReactNode {
  useCardAhead()
  const search = route.useSearch()
  const { proposalId } = useParams({ strict: false })
  const isBatch = useMatch({ from: '/inbox/batch', shouldThrow: false }) !== undefined
  const { list, shown, work, counts } = useInbox(search)
  const order = useMemo(() => shown.map(({ id }) => id), [shown])
  const selection = useSelection(search, order)
  const others = otherRows(work, search.kind)
  const count = shown.length + others.length
  return (
    <OrderContext value={order}>
      <div className={proposalId === undefined && !isBatch ? 'inbox' : 'inbox inbox-open'}>
        <section className="inbox-list" aria-labelledby="inbox-title">
          <InboxHead search={search} list={list} shown={shown} counts={counts} count={count} />
          {list.isSuccess && count === 0 ? <EmptyInbox search={search} /> : null}
          <Rows order={order} openId={proposalId} selection={selection}>
            <AllRows shown={shown} others={others} openId={proposalId} search={search} selection={selection} />
          </Rows>
          <MoreButton list={list} />
          <SelectionBar selection={selection} shown={shown} />
        </section>
        <Outlet />
      </div>
    </OrderContext>
  )
}

type ProposalList = ReturnType<typeof useInbox>['list']

/** Everything that the list shows, and how much of each kind there is. */
function useInbox(search: InboxSearch) {
  const { scope } = useSignedIn()
  const { state = 'pending', agent, kind, risk } = search
  const list = useInfiniteQuery(proposalListQuery(scope, { state, agent }))
  const { data } = list
  // What else waits has neither the states nor the risks of proposals.
  const all = useOtherWork(state === 'pending' && risk === undefined)
  const work = useMemo(() => ofAgent(all, agent), [all, agent])
  const proposals = useMemo(
    () => sortProposals(data?.pages.flatMap(({ items }) => items) ?? [], search),
    [data, search],
  )
  const shown = useMemo(
    () => (kind === undefined ? proposals : proposals.filter((proposal) => kindOfProposal(proposal) === kind)),
    [proposals, kind],
  )
  const questions = proposals.filter((proposal) => kindOfProposal(proposal) === 'questions').length
  const counts = {
    actions: proposals.length - questions,
    questions,
    training: work.training.length,
    votes: work.votes.length,
    queue: work.queue.length,
  }
  return { list, shown, work, counts }
}

function ofAgent(work: OtherWork, agent: string | undefined): OtherWork {
  if (agent === undefined) return work
  return {
    votes: [],
    training: work.training.filter((proposal) => proposal.agent === agent),
    queue: work.queue.filter((entry) => entry.agent === agent),
  }
}

interface InboxHeadProps {
  readonly search: InboxSearch
  readonly list: ProposalList
  readonly shown: readonly Proposal[]
  readonly counts: Readonly<Record<WorkKind, number>>
  /** How much is in the list. */
  readonly count: number
}

function InboxHead({ search, list, shown, counts, count }: InboxHeadProps): ReactNode {
  const t = useText(INBOX)
  const { supervises } = usePowers()
  return (
    <div className="inbox-head">
      <h1 id="inbox-title" className="inbox-title">
        {t('title')}
        <span className="count">
          {count}
          {list.hasNextPage ? '+' : ''}
          <span className="visually-hidden">{t('proposals', { count })}</span>
        </span>
      </h1>
      <WorkKinds kind={search.kind} counts={counts} />
      <InboxFilters search={search} />
      <Arrivals list={list} isEmpty={shown.length === 0} />
      {supervises && search.select === undefined ? <AlikeNote shown={shown} /> : null}
      {list.isError ? <ProblemNote error={list.error} /> : null}
      {list.isPending ? <p className="inbox-wait">{t('reading')}</p> : null}
    </div>
  )
}

interface AllRowsProps {
  readonly shown: readonly Proposal[]
  readonly others: readonly InboxRow[]
  readonly openId: string | undefined
  readonly search: InboxSearch
  readonly selection: Selection
}

/** Proposals and what else waits, in one order. */
function AllRows({ shown, others, openId, search, selection }: AllRowsProps): ReactNode {
  const { supervises } = usePowers()
  const proposals = shown.map((proposal) => ({
    key: proposal.id,
    due: Date.parse(proposal.expiresAt),
    createdAt: Date.parse(proposal.createdAt),
    row: (
      <ProposalRow
        proposal={proposal}
        isOpen={proposal.id === openId}
        isListOfWaiting={search.state === undefined}
        isSelected={supervises && isBatchable(proposal) ? selection.ids.has(proposal.id) : undefined}
        onSelect={selection.toggle}
      />
    ),
  }))
  // Sorting keeps the order of what is equal: that of the proposals is known.
  const byOrder = (a: InboxRow, b: InboxRow): number =>
    search.sort === 'newest' ? b.createdAt - a.createdAt : Math.sign(a.due - b.due) || 0
  return [...proposals, ...others].sort(byOrder).map(({ key, row }) => <Fragment key={key}>{row}</Fragment>)
}

interface RowsProps {
  readonly order: readonly string[]
  readonly openId: string | undefined
  readonly selection: Selection
  readonly children: ReactNode
}

/** The rows; J and K go through them, and through the cards where one is open; X selects. */
function Rows({ order, openId, selection, children }: RowsProps): ReactNode {
  const list = useRef<HTMLUListElement>(null)
  const navigate = useNavigate()
  const search = route.useSearch()
  const links = (): HTMLAnchorElement[] => [...(list.current?.querySelectorAll<HTMLAnchorElement>('a.row') ?? [])]
  const move = (by: number): void => {
    const rows = links()
    const focused = rows.findIndex((link) => link.matches(':focus'))
    const from = openId === undefined ? focused : order.indexOf(openId)
    const last = (openId === undefined ? rows.length : order.length) - 1
    const to = from < 0 ? 0 : Math.min(Math.max(from + by, 0), last)
    const id = order[to]
    if (openId !== undefined && id !== undefined) {
      void navigate({ to: '/inbox/$proposalId', params: { proposalId: id }, search })
    } else rows[to]?.focus()
  }
  const select = (isRange: boolean): boolean => {
    const row = links().find((link) => link.matches(':focus'))
    const id = row?.dataset.proposal
    const isThere = id !== undefined && row?.parentElement?.querySelector('input[type="checkbox"]') != null
    if (isThere) selection.toggle(id, isRange)
    return isThere
  }
  const step = { j: () => move(1), k: () => move(-1) }
  const whole = { arrowdown: step.j, arrowup: step.k, x: () => select(false), 'shift+x': () => select(true) }
  useKeys(openId === undefined ? { ...step, ...whole } : step)
  return (
    <ul className="rows" ref={list}>
      {children}
    </ul>
  )
}

function MoreButton({ list }: { readonly list: ProposalList }): ReactNode {
  const t = useText(INBOX)
  if (!list.hasNextPage) return null
  return (
    <Button className="inbox-more" disabled={list.isFetching} onClick={() => void list.fetchNextPage()}>
      {t('more')}
    </Button>
  )
}

interface ArrivalsProps {
  readonly list: { readonly isSuccess: boolean; readonly refetch: () => Promise<unknown> }
  readonly isEmpty: boolean
}

/** What came meanwhile waits behind a button: a list never moves under the cursor. */
function Arrivals({ list, isEmpty }: ArrivalsProps): ReactNode {
  const t = useText(INBOX)
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
          {t('arrived', { count })}
        </Button>
      )}
    </div>
  )
}
