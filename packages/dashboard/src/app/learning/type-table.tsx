import { visibleText } from '@preceptor/client'
import type { Trend } from '@preceptor/learning/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Reading } from '../ui/reading.tsx'
import { LEARNING } from './learning-messages.ts'
import { DIRECTIONS } from './learning-words.ts'
import { one, percent, signed } from './score-scale.ts'
import { useLearning } from './use-learning.ts'

/** Numbers of each type of agents. */
export function TypeTable(): ReactNode {
  const t = useText(LEARNING)
  const { analytics } = useLearning()
  const query = useQuery({ queryKey: ['learning', 'statistics'], queryFn: () => analytics.statistics() })
  return (
    <Reading query={query}>
      {({ types }) =>
        types.length === 0 ? (
          <Empty title={t('noTypes')}>{t('noTypesWhy')}</Empty>
        ) : (
          <DataTable
            caption={t('types')}
            rows={types}
            keyOf={({ agentType }) => agentType}
            columns={[
              {
                key: 'type',
                title: t('agentType'),
                cell: ({ agentType }) => (
                  <Link to="/learning/sessions" search={{ type: agentType }}>
                    {visibleText(agentType)}
                  </Link>
                ),
              },
              { key: 'sessions', title: t('sessions'), isNumber: true, cell: ({ sessions }) => sessions },
              { key: 'scored', title: t('scored'), isNumber: true, cell: ({ scored }) => scored },
              { key: 'failed', title: t('failed'), isNumber: true, cell: ({ failed }) => failed },
              {
                key: 'mean',
                title: t('meanImprovement'),
                isNumber: true,
                cell: ({ meanImprovement }) => (meanImprovement === null ? '–' : signed(meanImprovement)),
              },
              { key: 'rate', title: t('successRate'), isNumber: true, cell: ({ successRate }) => percent(successRate) },
              {
                key: 'deployed',
                title: t('deploymentRate'),
                isNumber: true,
                cell: (row) => percent(row.deploymentRate),
              },
              { key: 'special', title: t('specialization'), isNumber: true, cell: (row) => one(row.specialization) },
              { key: 'trend', title: t('trend'), cell: ({ trend }) => <TrendText trend={trend} /> },
            ]}
          />
        )
      }
    </Reading>
  )
}

/** Where the improvements of a type go. */
function TrendText({ trend }: { readonly trend: Trend }): ReactNode {
  const t = useText(LEARNING)
  if (trend.state === 'too_few') {
    return <span className="muted">{t('tooFew', { count: trend.sessions, needed: trend.needed })}</span>
  }
  const [key, shape] = DIRECTIONS[trend.direction]
  return (
    <>
      <span aria-hidden="true">{shape}</span> {t(key)}
    </>
  )
}
