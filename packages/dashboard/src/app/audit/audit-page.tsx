import '../styles/audit.css'
import type { JournalEntry } from '@preceptor/client'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useEvent } from '../data/events.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { AUDIT } from './audit-messages.ts'
import type { AuditSearch } from './audit-search.ts'
import { ChainPanel } from './chain-panel.tsx'
import { JournalRow } from './journal-row.tsx'
import { journalQueryOf, rowMatches } from './matching-rows.ts'

/** The journal: what happened, and whether its chain holds. */
export function AuditPage(): ReactNode {
  const t = useText(AUDIT)
  const search = useSearch({ from: '/audit' })
  const { supervises } = usePowers()
  return (
    <Page title={t('title')}>
      <p className="muted">{t('intro')}</p>
      {supervises ? <ChainPanel search={search} /> : null}
      <AuditFilters search={search} />
      <Rows search={search} />
    </Page>
  )
}

const PAGE = 50

function useRows(search: AuditSearch) {
  const { scope } = useSignedIn()
  return useInfiniteQuery({
    // Rows never move under the cursor: what is new waits behind a button.
    queryKey: ['journal-rows', search],
    queryFn: ({ pageParam }) =>
      scope.journal.list({ limit: PAGE, ...journalQueryOf(search), ...cursorOf(pageParam ?? undefined) }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  })
}

function Rows({ search }: { readonly search: AuditSearch }): ReactNode {
  const t = useText(AUDIT)
  const rows = useRows(search)
  const pages = rows.data?.pages ?? []
  const items = pages.flatMap((page) => page.items)
  if (rows.isError && items.length === 0) return <ProblemNote error={rows.error} />
  if (rows.isPending) return <p className="muted waiting">{t('reading')}</p>
  return (
    <section className="stack" aria-label={t('rows')}>
      <FreshRows search={search} shown={items} />
      {items.length === 0 ? (
        <Empty title={t('empty')}>{t('emptyWhy')}</Empty>
      ) : (
        <ol className="journal">
          {items.map((entry) => (
            <JournalRow key={entry.id} entry={entry} search={search} />
          ))}
        </ol>
      )}
      {rows.hasNextPage ? (
        <p className="line">
          <Button disabled={rows.isFetching} onClick={() => void rows.fetchNextPage()}>
            {t(rows.isFetching ? 'reading' : 'more')}
          </Button>
        </p>
      ) : null}
    </section>
  )
}

interface FreshRowsProps {
  readonly search: AuditSearch
  readonly shown: readonly JournalEntry[]
}

/** How many rows came since the list was read, and a button that shows them. */
function FreshRows({ search, shown }: FreshRowsProps): ReactNode {
  const t = useText(AUDIT)
  const client = useQueryClient()
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  const known = useMemo(() => new Set(shown.map(({ id }) => id)), [shown])
  const key = JSON.stringify(search)
  // What was new for other filters is nothing to these.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filters are what it depends on
  useEffect(() => setFresh(new Set()), [key])
  useEvent((entry) => {
    const fits = rowMatches(entry, journalQueryOf(search))
    if (fits && !known.has(entry.id)) setFresh((ids) => new Set([...ids, entry.id]))
  })
  const count = [...fresh].filter((id) => !known.has(id)).length
  const show = async (): Promise<void> => {
    await client.resetQueries({ queryKey: ['journal-rows', search] })
    setFresh(new Set())
  }
  return (
    <div role="status" className="fresh">
      {count === 0 ? null : (
        <Button kind="primary" onClick={() => void show()}>
          {t('fresh', { count })}
        </Button>
      )}
    </div>
  )
}
