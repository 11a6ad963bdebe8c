import { type Health, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { duration } from '../data/format.ts'
import { apiDescription, readApiVersion, readHealth } from '../data/host.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { ABOUT } from './about-messages.ts'
import { Section } from './section.tsx'

/** Health and equipment of the host. */
export function AboutSection(): ReactNode {
  const t = useText(ABOUT)
  const health = useQuery({ queryKey: ['health'], queryFn: readHealth, refetchInterval: 30_000 })
  return (
    <Section title={t('title')} intro={t('intro')}>
      <Panel
        title={t('health')}
        actions={
          <Button kind="quiet" disabled={health.isFetching} onClick={() => void health.refetch()}>
            {t('again')}
          </Button>
        }
      >
        <Reading query={health}>{(found) => <Checks health={found} />}</Reading>
      </Panel>
      <Host />
    </Section>
  )
}

const KNOWN = ['open', 'store', 'journal', 'lease', 'reachable'] as const

function Checks({ health }: { readonly health: Health }): ReactNode {
  const t = useText(ABOUT)
  const nameOf = (check: string): string => {
    const known = KNOWN.find((name) => name === check)
    return known === undefined ? visibleText(check) : t(known)
  }
  return (
    <div className="stack">
      <p role="status" className={health.ready ? 'good strong' : 'bad strong'}>
        <span aria-hidden="true">{health.ready ? '✓' : '✗'}</span> {t(health.ready ? 'ready' : 'notReady')}
      </p>
      <DataTable
        caption={t('health')}
        rows={Object.entries(health.checks)}
        keyOf={([name]) => name}
        columns={[
          { key: 'check', title: t('check'), cell: ([name]) => nameOf(name) },
          {
            key: 'state',
            title: t('state'),
            cell: ([, { ok, message }]) => (
              <>
                <span className={ok ? 'good' : 'bad'}>
                  <span aria-hidden="true">{ok ? '✓' : '✗'}</span> {t(ok ? 'ok' : 'broken')}
                </span>
                {message === undefined ? null : <p className="small">{visibleText(message)}</p>}
              </>
            ),
          },
        ]}
      />
    </div>
  )
}

const NOTICEABLE_MS = 2_000

function Host(): ReactNode {
  const t = useText(ABOUT)
  const { features, clockOffset } = useSignedIn()
  const version = useQuery({
    queryKey: ['api-version'],
    queryFn: readApiVersion,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const time = duration(Math.abs(clockOffset))
  const clock =
    Math.abs(clockOffset) < NOTICEABLE_MS ? t('clockSame') : t(clockOffset > 0 ? 'clockAhead' : 'clockBehind', { time })
  return (
    <Panel title={t('host')}>
      <dl className="facts">
        <dt>{t('version')}</dt>
        <dd>{version.data ?? '—'}</dd>
        <dt>{t('plugins')}</dt>
        <dd>{features.length === 0 ? t('noPlugins') : features.join(', ')}</dd>
        <dt>{t('address')}</dt>
        <dd>
          <code>{document.baseURI}</code>
        </dd>
        <dt>{t('clock')}</dt>
        <dd>{clock}</dd>
      </dl>
      <p>
        <a href={apiDescription()}>{t('api')}</a>
      </p>
    </Panel>
  )
}
