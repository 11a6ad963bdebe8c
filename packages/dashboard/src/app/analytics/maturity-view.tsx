import {
  type AnalyticsMaturity,
  type AnalyticsRange,
  type AnalyticsStay,
  type AnalyticsTransition,
  MATURITIES,
  type Maturity,
} from '@preceptor/client'
import { useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { StackedArea } from '../charts/stacked-area.tsx'
import { useText } from '../text/use-text.ts'
import { MaturityBadge } from '../ui/badges.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { ANALYTICS } from './analytics-messages.ts'
import { NumberLink } from './number-link.tsx'
import { days } from './numbers.ts'
import { journalRows } from './row-lists.ts'
import { levelSeries } from './series-of.ts'
import { bucketNames } from './time-names.ts'
import { useAnalysis } from './use-analysis.ts'

/** How many agents stand at each level, how they move, and how long they stay. */
export function MaturityView(): ReactNode {
  const maturity = useAnalysis('maturity')
  return (
    <Reading query={maturity}>
      {(found) => (
        <>
          <PopulationChart maturity={found} />
          <div className="panels analytics-levels">
            <Stays stays={found.stays} />
            <Transitions transitions={found.transitions} range={found.range} />
          </div>
        </>
      )}
    </Reading>
  )
}

const LEVEL_NAMES = {
  student: 'student',
  intern: 'intern',
  supervised: 'supervisedLevel',
  autonomous: 'autonomous',
} as const satisfies Readonly<Record<Maturity, string>>

function PopulationChart({ maturity: { range, population } }: { readonly maturity: AnalyticsMaturity }): ReactNode {
  const t = useText(ANALYTICS)
  return (
    <section className="panel" aria-label={t('population')}>
      <StackedArea
        title={t('population')}
        summary={t('populationSummary')}
        series={levelSeries((level) => t(LEVEL_NAMES[level]))}
        rows={population.map(({ at, agents }) => ({ at, values: agents }))}
        nameOf={bucketNames(range)}
      />
    </section>
  )
}

function Stays({ stays }: { readonly stays: readonly AnalyticsStay[] }): ReactNode {
  const t = useText(ANALYTICS)
  return (
    <Panel title={t('stays')} className="stack">
      <DataTable
        caption={t('stays')}
        rows={stays}
        keyOf={({ maturity }) => maturity}
        columns={[
          { key: 'level', title: t('level'), cell: ({ maturity }) => <MaturityBadge maturity={maturity} /> },
          {
            key: 'staying',
            title: t('staying'),
            isNumber: true,
            cell: ({ staying, maturity }) => (
              <NumberLink
                value={staying}
                of={t(LEVEL_NAMES[maturity])}
                list={{ to: '/agents', search: { maturity } }}
              />
            ),
          },
          {
            key: 'stayingDays',
            title: t('stayingDays'),
            isNumber: true,
            cell: ({ stayingMeanDays }) => days(stayingMeanDays),
          },
          { key: 'ended', title: t('ended'), isNumber: true, cell: ({ ended }) => ended },
          { key: 'median', title: t('medianDays'), isNumber: true, cell: ({ medianDays }) => days(medianDays) },
          { key: 'mean', title: t('meanDays'), isNumber: true, cell: ({ meanDays }) => days(meanDays) },
        ]}
      />
    </Panel>
  )
}

interface TransitionsProps {
  readonly transitions: readonly AnalyticsTransition[]
  readonly range: AnalyticsRange
}

function Transitions({ transitions, range }: TransitionsProps): ReactNode {
  const t = useText(ANALYTICS)
  const { agent } = useSearch({ from: '/analytics/$view' })
  return (
    <Panel title={t('transitions')} className="stack">
      {transitions.length === 0 ? (
        <p className="muted waiting">{t('noTransitions')}</p>
      ) : (
        <DataTable
          caption={t('transitions')}
          rows={transitions}
          keyOf={({ from, to, cause }) => `${from}-${to}-${cause}`}
          columns={[
            { key: 'from', title: t('from'), cell: ({ from }) => <MaturityBadge maturity={from} /> },
            { key: 'to', title: t('to'), cell: ({ to }) => <MaturityBadge maturity={to} /> },
            { key: 'cause', title: t('cause'), cell: ({ cause }) => cause },
            {
              key: 'count',
              title: t('number'),
              isNumber: true,
              cell: ({ count, from, to }) => (
                <NumberLink
                  value={count}
                  of={t('transitions')}
                  list={journalRows({ range, agent, kind: isUp(from, to) ? 'agent.promoted' : 'agent.demoted' })}
                />
              ),
            },
          ]}
        />
      )}
    </Panel>
  )
}

const isUp = (from: Maturity, to: Maturity): boolean => MATURITIES.indexOf(to) > MATURITIES.indexOf(from)
