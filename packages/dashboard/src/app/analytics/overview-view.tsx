import type { AnalyticsDecisions, AnalyticsRouting, AnalyticsSummary, AnalyticsWaiting, Route } from '@preceptor/client'
import { useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Funnel } from '../charts/funnel.tsx'
import { LineChart } from '../charts/line-chart.tsx'
import { Sparkline } from '../charts/sparkline.tsx'
import { StackedBars } from '../charts/stacked-bars.tsx'
import { useText } from '../text/use-text.ts'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { ANALYTICS } from './analytics-messages.ts'
import { percent, plain, seconds } from './numbers.ts'
import { journalRows, ofAgent } from './row-lists.ts'
import { outcomeSeries, routeSeries } from './series-of.ts'
import { SourceTable } from './source-table.tsx'
import { Tile } from './tile.tsx'
import { bucketNames } from './time-names.ts'
import { useAnalysis } from './use-analysis.ts'

/** The most important numbers, what became of attempts, and where they were routed. */
export function OverviewView(): ReactNode {
  const summary = useAnalysis('summary')
  const decisions = useAnalysis('decisions')
  const routing = useAnalysis('routing')
  return (
    <>
      <Reading query={summary}>
        {(found) => <SummaryTiles summary={found} {...(decisions.data && { decisions: decisions.data })} />}
      </Reading>
      <Reading query={decisions}>
        {(found) => (
          <>
            <OutcomeChart decisions={found} />
            <PeopleChart decisions={found} />
          </>
        )}
      </Reading>
      <Reading query={routing}>{(found) => <RoutingPanels routing={found} />}</Reading>
    </>
  )
}

interface SummaryTilesProps {
  readonly summary: AnalyticsSummary
  readonly decisions?: AnalyticsDecisions
}

/** The numbers in a line, each beside that of the period before. */
export function SummaryTiles({ summary, decisions }: SummaryTilesProps): ReactNode {
  const t = useText(ANALYTICS)
  const { agent } = useSearch({ from: '/analytics/$view' })
  const listOf = (state: string) => ({ to: '/inbox', search: { state, ...ofAgent(agent) } })
  const { waiting, settled, decided, medianSeconds, p95Seconds, withoutPeople, rejected, edited, expired } = summary
  const trend = decisions?.buckets.map(
    ({ outcomes: o }) => o.approved + o.edited + o.rejected + o.responded + o.expired + o.cancelled,
  )
  return (
    <ul className="tiles key-numbers" aria-label={t('keyNumbers')}>
      <WaitingTiles waiting={waiting} agent={agent} />
      <Tile
        title={t('settled')}
        value={plain(settled.value)}
        compared={{ numbers: settled, format: plain }}
        detail={trend === undefined ? undefined : <Sparkline label={t('trend')} values={trend} />}
        list={listOf('all')}
      />
      <Tile title={t('decided')} value={plain(decided.value)} compared={{ numbers: decided, format: plain }} />
      <Tile
        title={t('medianTime')}
        value={seconds(medianSeconds.value)}
        compared={{ numbers: medianSeconds, format: seconds }}
      />
      <Tile
        title={t('p95Time')}
        value={seconds(p95Seconds.value)}
        compared={{ numbers: p95Seconds, format: seconds }}
      />
      <Tile
        title={t('withoutPeople')}
        value={percent(withoutPeople.value)}
        compared={{ numbers: withoutPeople, format: percent }}
      />
      <Tile
        title={t('rejectedShare')}
        value={percent(rejected.value)}
        compared={{ numbers: rejected, format: percent }}
        list={listOf('rejected')}
      />
      <Tile
        title={t('editedShare')}
        value={percent(edited.value)}
        compared={{ numbers: edited, format: percent }}
        list={journalRows({ range: summary.range, agent, kind: 'proposal.edited' })}
      />
      <Tile
        title={t('expiredShare')}
        value={percent(expired.value)}
        compared={{ numbers: expired, format: percent }}
        list={listOf('expired')}
      />
    </ul>
  )
}

interface WaitingTilesProps {
  readonly waiting: AnalyticsWaiting
  readonly agent: string | undefined
}

/** What waits now, each kind with its list. */
function WaitingTiles({ waiting, agent }: WaitingTilesProps): ReactNode {
  const t = useText(ANALYTICS)
  const search = ofAgent(agent)
  return (
    <>
      <Tile title={t('waiting')} value={String(waiting.proposals)} list={{ to: '/inbox', search }} />
      <Tile
        title={t('waitingCourses')}
        value={String(waiting.trainingProposals)}
        list={{ to: '/training/proposals', search }}
      />
      <Tile title={t('waitingQueue')} value={String(waiting.queue)} list={{ to: '/live', search }} />
    </>
  )
}

function OutcomeChart({ decisions }: { readonly decisions: AnalyticsDecisions }): ReactNode {
  const t = useText(ANALYTICS)
  const { range, buckets, total } = decisions
  const series = outcomeSeries((outcome) => t(outcome)).filter(({ key }) => total[key] > 0)
  return (
    <section className="panel" aria-label={t('decisions')}>
      <StackedBars
        title={t('decisions')}
        summary={t('decisionsSummary')}
        series={series}
        rows={buckets.map(({ at, outcomes }) => ({ at, values: outcomes }))}
        nameOf={bucketNames(range)}
      />
    </section>
  )
}

/** What people decided, beside what needed nobody and what was held back. */
function PeopleChart({ decisions: { range, buckets } }: { readonly decisions: AnalyticsDecisions }): ReactNode {
  const t = useText(ANALYTICS)
  return (
    <section className="panel" aria-label={t('withAndWithout')}>
      <LineChart
        title={t('withAndWithout')}
        series={[
          { key: 'people', label: t('byPeople'), tone: 'blue', pattern: 'plain' },
          { key: 'ran', label: t('ran'), tone: 'good', pattern: 'plain' },
          { key: 'blocked', label: t('blocked'), tone: 'warn', pattern: 'plain' },
        ]}
        rows={buckets.map(({ at, outcomes: { approved, edited, rejected, responded, ran, blocked } }) => ({
          at,
          values: { people: approved + edited + rejected + responded, ran, blocked },
        }))}
        nameOf={bucketNames(range)}
      />
    </section>
  )
}

const ROUTE_NAMES = {
  execution: 'execution',
  supervision: 'routeSupervision',
  queue: 'queue',
  proposal: 'proposal',
  training: 'routeTraining',
  denied: 'denied',
} as const satisfies Readonly<Record<Route, string>>

function RoutingPanels({ routing }: { readonly routing: AnalyticsRouting }): ReactNode {
  const t = useText(ANALYTICS)
  const { total, routes, sources } = routing
  return (
    <div className="panels">
      <section className="panel" aria-label={t('routing')}>
        <Funnel
          title={t('routing')}
          summary={t('routingSummary', { total })}
          shareOf={percent}
          parts={routes.map(({ route, count, share }) => ({
            ...routeSeries(route, t(ROUTE_NAMES[route])),
            count,
            share,
          }))}
        />
      </section>
      <Panel title={t('sources')}>
        <SourceTable caption={t('sources')} sources={sources} />
      </Panel>
    </div>
  )
}
