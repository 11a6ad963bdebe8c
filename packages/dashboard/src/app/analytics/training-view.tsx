import { type AnalyticsTarget, type AnalyticsTargetName, type AnalyticsTraining, visibleText } from '@preceptor/client'
import { useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { HeatStrip } from '../charts/heat-strip.tsx'
import { useText } from '../text/use-text.ts'
import { DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { ANALYTICS } from './analytics-messages.ts'
import { days, percent, plain } from './numbers.ts'
import { ofAgent } from './row-lists.ts'
import { SourceTable } from './source-table.tsx'
import { Tile } from './tile.tsx'
import { bucketNames } from './time-names.ts'
import { useAnalysis } from './use-analysis.ts'

/** Whether training reaches its targets, and what is blocked. */
export function TrainingView(): ReactNode {
  const query = useAnalysis('training')
  return <Reading query={query}>{(found) => <Training training={found} />}</Reading>
}

function Training({ training }: { readonly training: AnalyticsTraining }): ReactNode {
  const t = useText(ANALYTICS)
  const { range, targets, sessions, gains, blocked } = training
  const { agent } = useSearch({ from: '/analytics/$view' })
  const courses = (state: string) => ({ to: '/training/sessions', search: { state, ...ofAgent(agent) } })
  return (
    <>
      <ul className="tiles key-numbers" aria-label={t('keyNumbers')}>
        <Tile
          title={`${t('courses')}, ${t('completed')}`}
          value={String(sessions.completed)}
          list={courses('completed')}
        />
        <Tile
          title={`${t('courses')}, ${t('cancelled')}`}
          value={String(sessions.cancelled)}
          list={courses('cancelled')}
        />
        <Tile title={`${t('courses')}, ${t('failed')}`} value={String(sessions.failed)} list={courses('failed')} />
        <Tile
          title={t('blockedAttempts')}
          value={String(blocked.total)}
          list={{ to: '/training/blocked', search: { state: 'all', ...ofAgent(agent) } }}
        />
      </ul>
      <Targets targets={targets} />
      <section className="panel" aria-label={t('blockedOver')}>
        <HeatStrip
          title={t('blockedOver')}
          cells={blocked.buckets.map(({ at, count }) => ({ at, value: count }))}
          nameOf={bucketNames(range)}
          say={(count) => t('blockedSay', { count })}
        />
      </section>
      <div className="panels">
        <Gains gains={gains} />
        <Panel title={t('blockedSources')} className="stack">
          <SourceTable caption={t('blockedSources')} sources={blocked.sources} />
        </Panel>
      </div>
    </>
  )
}

const FORMATS: Readonly<Record<AnalyticsTargetName, (value: number | null) => string>> = {
  proposals_per_trigger: percent,
  completion: percent,
  gain_per_session: plain,
  intern_within_14_days: percent,
  days_to_intern: days,
}

function Targets({ targets }: { readonly targets: readonly AnalyticsTarget[] }): ReactNode {
  const t = useText(ANALYTICS)
  return (
    <Panel title={t('targets')} className="stack">
      <DataTable
        caption={t('targets')}
        rows={targets}
        keyOf={({ name }) => name}
        columns={[
          { key: 'name', title: t('kind'), cell: ({ name }) => t(name) },
          {
            key: 'target',
            title: t('target'),
            isNumber: true,
            cell: ({ name, comparison, target }) => t(comparison, { target: FORMATS[name](target) }),
          },
          {
            key: 'actual',
            title: t('actual'),
            isNumber: true,
            cell: ({ name, actual }) => <strong>{FORMATS[name](actual)}</strong>,
          },
          { key: 'of', title: t('measured'), isNumber: true, cell: ({ of }) => of },
          { key: 'result', title: t('result'), cell: ({ isMet }) => <Result isMet={isMet} /> },
        ]}
      />
    </Panel>
  )
}

function Result({ isMet }: Pick<AnalyticsTarget, 'isMet'>): ReactNode {
  const t = useText(ANALYTICS)
  if (isMet === null) return <span className="muted">{t('nothingMeasured')}</span>
  return (
    <span className={`badge tone-${isMet ? 'good' : 'bad'}`}>
      <span aria-hidden="true">{isMet ? '✓' : '✗'}</span> {t(isMet ? 'met' : 'missed')}
    </span>
  )
}

function Gains({ gains }: Pick<AnalyticsTraining, 'gains'>): ReactNode {
  const t = useText(ANALYTICS)
  return (
    <Panel title={t('gains')} className="stack">
      {gains.length === 0 ? (
        <p className="muted waiting">{t('noGains')}</p>
      ) : (
        <DataTable
          caption={t('gains')}
          rows={gains}
          keyOf={({ capability }) => capability}
          columns={[
            { key: 'capability', title: t('capability'), cell: ({ capability }) => visibleText(capability) },
            { key: 'courses', title: t('courses'), isNumber: true, cell: ({ sessions }) => sessions },
            { key: 'gain', title: t('meanGain'), isNumber: true, cell: ({ meanGain }) => plain(meanGain) },
          ]}
        />
      )}
    </Panel>
  )
}
