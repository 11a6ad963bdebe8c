import { visibleText } from '@preceptor/client'
import type { LearningSession } from '@preceptor/learning/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ChartFrame } from '../charts/chart-frame.tsx'
import { timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Adaptations } from './adaptations.tsx'
import { Filters } from './filters.tsx'
import { LEARNING } from './learning-messages.ts'
import { LearningPage } from './learning-page.tsx'
import { LearningState } from './learning-state.tsx'
import { MODE_KEYS } from './learning-words.ts'
import { LineChart } from './line-chart.tsx'
import { signed } from './score-scale.ts'
import { TrainDialog } from './train-dialog.tsx'
import { TrainingRuns } from './training-runs.tsx'
import { useLearning } from './use-learning.ts'

const route = getRouteApi('/learning/sessions')

/** Answers that were improved, and trainings of types, with what came of them. */
export function SessionsPage(): ReactNode {
  const t = useText(LEARNING)
  const search = route.useSearch()
  const navigate = useNavigate()
  const { supervises } = usePowers()
  const [isTraining, setTraining] = useState(false)
  const actions = supervises ? (
    <Button kind="primary" onClick={() => setTraining(true)}>
      {t('train')}
    </Button>
  ) : undefined
  return (
    <LearningPage part="sessions" actions={actions}>
      <Filters
        keys={['type']}
        search={search}
        onChange={({ type }) => void navigate({ to: '/learning/sessions', search: type === undefined ? {} : { type } })}
      />
      {search.type === undefined ? null : <Course agentType={search.type} />}
      <Sessions agentType={search.type} />
      <TrainingRuns agentType={search.type} />
      <Adaptations agentType={search.type} />
      {isTraining ? <TrainDialog onClose={() => setTraining(false)} /> : null}
    </LearningPage>
  )
}

/** How far the last answers of a type were improved, one after the other. */
function Course({ agentType }: { readonly agentType: string }): ReactNode {
  const t = useText(LEARNING)
  const { sessions } = useLearning()
  const { data } = useQuery({
    queryKey: ['learning', 'course', agentType],
    queryFn: () => sessions.list({ agentType, state: 'completed', limit: 60 }),
  })
  const scored = (data?.items ?? []).filter(({ improvement }) => improvement !== null).toReversed()
  return (
    <section className="panel" aria-label={t('course')}>
      <ChartFrame
        title={t('courseOf', { type: visibleText(agentType) })}
        summary={t('courseWhat')}
        rows={scored}
        keyOf={({ id }) => id}
        columns={[
          { key: 'at', title: t('when'), cell: ({ createdAt }) => timeText(createdAt) },
          {
            key: 'points',
            title: t('improvement'),
            isNumber: true,
            cell: ({ improvement }) => signed(improvement ?? 0),
          },
        ]}
      >
        <LineChart
          points={scored.map(({ id, improvement, createdAt }) => ({
            id,
            value: improvement ?? 0,
            name: t('point', { at: timeText(createdAt), value: signed(improvement ?? 0) }),
          }))}
        />
      </ChartFrame>
    </section>
  )
}

function Sessions({ agentType }: { readonly agentType: string | undefined }): ReactNode {
  const t = useText(LEARNING)
  const { sessions } = useLearning()
  const list = usePages({
    queryKey: ['learning', 'sessions', agentType ?? ''],
    read: (cursor) =>
      sessions.list({ limit: 25, ...cursorOf(cursor), ...(agentType === undefined ? {} : { agentType }) }),
  })
  return (
    <section className="stack" aria-labelledby="lr-sessions">
      <h2 id="lr-sessions" className="panel-title">
        {t('sessions')}
      </h2>
      <Listing list={list} empty={<Empty title={t('noSessions')}>{t('noSessionsWhy')}</Empty>}>
        {(items) => (
          <DataTable
            caption={t('sessions')}
            rows={items}
            keyOf={({ id }) => id}
            columns={[
              {
                key: 'id',
                title: t('session'),
                cell: ({ id, state }) => (
                  <Link to="/learning/sessions/$sessionId" params={{ sessionId: id }} className="lr-link">
                    <LearningState state={state} />
                    <code className="small">{id}</code>
                  </Link>
                ),
              },
              { key: 'type', title: t('agentType'), cell: (one) => visibleText(one.agentType) },
              { key: 'mode', title: t('mode'), cell: ({ mode }) => t(MODE_KEYS[mode]) },
              {
                key: 'before',
                title: t('before'),
                isNumber: true,
                cell: ({ before }) => <Score evaluation={before} />,
              },
              { key: 'after', title: t('after'), isNumber: true, cell: ({ after }) => <Score evaluation={after} /> },
              {
                key: 'gain',
                title: t('improvement'),
                isNumber: true,
                cell: ({ improvement }) => (improvement === null ? '–' : signed(improvement)),
              },
              { key: 'at', title: t('when'), cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
            ]}
          />
        )}
      </Listing>
    </section>
  )
}

function Score({ evaluation }: { readonly evaluation: LearningSession['before'] }): ReactNode {
  const t = useText(LEARNING)
  if (evaluation === null) return '–'
  return evaluation.state === 'scored' ? evaluation.score.toFixed(1) : t('unscored')
}
