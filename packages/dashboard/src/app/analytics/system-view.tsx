import type { AnalyticsOpen, AnalyticsSystem } from '@preceptor/client'
import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { timeText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { ANALYTICS } from './analytics-messages.ts'
import { NumberLink } from './number-link.tsx'
import { ofAgent } from './row-lists.ts'
import { Tile } from './tile.tsx'
import { useAnalysis } from './use-analysis.ts'

/** What is open now, and what lags behind. */
export function SystemView(): ReactNode {
  const query = useAnalysis('system')
  return <Reading query={query}>{(found) => <System system={found} />}</Reading>
}

const PLACES: Readonly<Record<AnalyticsOpen['kind'], string>> = {
  proposal: '/inbox',
  training_proposal: '/training/proposals',
  training_session: '/training/sessions',
  supervision_session: '/live',
  queue_entry: '/live',
  alert: '/alerts',
}

const WEBHOOKS = { to: '/settings/notifications', search: {} }

const STATES = ['pending', 'sending', 'delivered', 'failed', 'cancelled'] as const

function System({ system }: { readonly system: AnalyticsSystem }): ReactNode {
  const t = useText(ANALYTICS)
  const { at, open, journal, deliveries, supervisorsOnline } = system
  return (
    <>
      <ul className="tiles key-numbers" aria-label={t('keyNumbers')}>
        <Tile
          title={t('supervisorsOnline')}
          value={String(supervisorsOnline)}
          list={{ to: '/settings/members', search: {} }}
        />
        <Tile
          title={t('unsealed')}
          value={String(journal.unsealed)}
          detail={journal.oldestAt === null ? t('sealedAll') : t('unsealedSince', { time: timeText(journal.oldestAt) })}
          list={{ to: '/audit', search: {} }}
        />
      </ul>
      <div className="panels">
        <OpenTable open={open} />
        <Panel title={t('deliveries')} className="stack">
          <DataTable
            caption={t('deliveries')}
            rows={STATES}
            keyOf={(state) => state}
            columns={[
              { key: 'state', title: t('kind'), cell: (state) => t(state) },
              {
                key: 'count',
                title: t('number'),
                isNumber: true,
                cell: (state) => <NumberLink value={deliveries[state]} of={t(state)} list={WEBHOOKS} />,
              },
            ]}
          />
        </Panel>
      </div>
      <p className="muted small">{t('asOf', { time: timeText(at) })}</p>
    </>
  )
}

function OpenTable({ open }: Pick<AnalyticsSystem, 'open'>): ReactNode {
  const t = useText(ANALYTICS)
  const { agent } = useSearch({ from: '/analytics/$view' })
  return (
    <Panel title={t('open')} className="stack">
      <DataTable
        caption={t('open')}
        rows={open}
        keyOf={({ kind }) => kind}
        columns={[
          {
            key: 'kind',
            title: t('kind'),
            cell: ({ kind }) => (
              <Link to={PLACES[kind] as string} search={ofAgent(agent) as never}>
                {t(`open_${kind}`)}
              </Link>
            ),
          },
          { key: 'open', title: t('openCount'), isNumber: true, cell: (row) => row.open },
          {
            key: 'oldest',
            title: t('oldest'),
            cell: ({ oldestAt }) => (oldestAt === null ? '—' : timeText(oldestAt)),
          },
        ]}
      />
    </Panel>
  )
}
