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
import { SeverityFilter } from './severity-filter.tsx'

/** What is wrong, and what was. */
export function AlertsPage(): ReactNode {
  const t = useText(ALERTS)
  const { scope } = useSignedIn()
  const { state, severity } = useSearch({ from: '/alerts' })
  const list = usePages<Alert>({
    queryKey: ['alerts', 'list', state ?? 'open', severity ?? 'all'],
    read: (cursor) =>
      scope.alerts.list({
        limit: 50,
        ...(state === 'all' ? {} : { state: state ?? 'open' }),
        ...(severity === undefined ? {} : { severity }),
        ...cursorOf(cursor),
      }),
  })
  const lack = severity !== undefined ? 'emptySeverity' : state === undefined ? 'emptyOpen' : 'emptyPast'
  const empty = <Empty title={t(lack)}>{t(`${lack}Why`)}</Empty>
  return (
    <Page title={t('title')} tabs={<Tabs />}>
      <div className="line alerts-bar">
        <SeverityFilter />
        <Link to="/settings/$section" params={{ section: 'alerts' }} search={{}} className="quiet-link">
          {t('rules')}
        </Link>
      </div>
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
  const { severity } = useSearch({ from: '/alerts' })
  const kept = severity === undefined ? {} : { severity }
  const exact = { activeOptions: { exact: true, includeSearch: true } } as const
  return (
    <PageTabs label={t('lists')}>
      <Link to="/alerts" search={kept} {...exact}>
        {t('open')}
      </Link>
      <Link to="/alerts" search={{ ...kept, state: 'cleared' }} {...exact}>
        {t('cleared')}
      </Link>
      <Link to="/alerts" search={{ ...kept, state: 'all' }} {...exact}>
        {t('all')}
      </Link>
    </PageTabs>
  )
}
