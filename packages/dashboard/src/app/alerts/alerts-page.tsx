import '../styles/alerts.css'
import type { Alert } from '@preceptor/client'
import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { Page, PageTabs } from '../ui/page.tsx'
import { AlertRow } from './alert-row.tsx'
import { ALERTS } from './alerts-messages.ts'

/** What is wrong, and what was. */
export function AlertsPage(): ReactNode {
  const t = useText(ALERTS)
  const { scope } = useSignedIn()
  const { state } = useSearch({ from: '/alerts' })
  const list = usePages<Alert>({
    queryKey: ['alerts', 'list', state ?? 'open'],
    read: (cursor) =>
      scope.alerts.list({ limit: 50, ...(state === 'all' ? {} : { state: state ?? 'open' }), ...cursorOf(cursor) }),
  })
  const isOpen = state === undefined
  const empty = (
    <Empty title={t(isOpen ? 'emptyOpen' : 'emptyPast')}>{t(isOpen ? 'emptyOpenWhy' : 'emptyPastWhy')}</Empty>
  )
  return (
    <Page title={t('title')} tabs={<Tabs />}>
      <Listing list={list} empty={empty}>
        {(items) => (
          <ul className="alerts" aria-label={t('caption')}>
            {items.map((alert) => (
              <AlertRow key={alert.id} alert={alert} />
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}

function Tabs(): ReactNode {
  const t = useText(ALERTS)
  const exact = { activeOptions: { exact: true, includeSearch: true } } as const
  return (
    <PageTabs label={t('lists')}>
      <Link to="/alerts" search={{}} {...exact}>
        {t('open')}
      </Link>
      <Link to="/alerts" search={{ state: 'cleared' }} {...exact}>
        {t('cleared')}
      </Link>
      <Link to="/alerts" search={{ state: 'all' }} {...exact}>
        {t('all')}
      </Link>
    </PageTabs>
  )
}
