import { visibleText } from '@preceptor/client'
import type { LearningStatistics, Prediction, TypeStatistics } from '@preceptor/learning/client'
import { useQueries, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { timeText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { Tile } from './insights-page.tsx'
import { IntervalBar } from './interval-bar.tsx'
import { LEARNING } from './learning-messages.ts'
import { LearningPage } from './learning-page.tsx'
import { DIRECTIONS } from './learning-words.ts'
import { percent, signed } from './score-scale.ts'
import { useLearning } from './use-learning.ts'

/** What is predicted of each type, how sure that is, and how often it came true. */
export function PredictionsPage(): ReactNode {
  const t = useText(LEARNING)
  const { analytics } = useLearning()
  const query = useQuery({ queryKey: ['learning', 'statistics'], queryFn: () => analytics.statistics() })
  return (
    <LearningPage part="predictions">
      <p className="muted">{t('predictionsWhat')}</p>
      <Reading query={query}>
        {({ types, predictions }) => (
          <>
            <Kept predictions={predictions} />
            {types.length === 0 ? (
              <Empty title={t('noPredictions')}>{t('noPredictionsWhy')}</Empty>
            ) : (
              <Types types={types} />
            )}
          </>
        )}
      </Reading>
    </LearningPage>
  )
}

function Kept({ predictions }: Pick<LearningStatistics, 'predictions'>): ReactNode {
  const t = useText(LEARNING)
  const { settled, hits, hitRate, interval } = predictions
  const between =
    interval === null ? t('notSettled') : t('between', { low: percent(interval[0]), high: percent(interval[1]) })
  return (
    <div className="tiles">
      <Tile label={t('settled')} value={String(settled)} hint={t('settledWhat')} />
      <Tile label={t('hits')} value={String(hits)} hint={t('hitsWhat')} />
      <Tile label={t('hitRate')} value={percent(hitRate)} hint={between} />
    </div>
  )
}

function Types({ types }: { readonly types: readonly TypeStatistics[] }): ReactNode {
  const { analytics } = useLearning()
  const answers = useQueries({
    queries: types.map(({ agentType }) => ({
      queryKey: ['learning', 'prediction', agentType],
      queryFn: () => analytics.predict(agentType),
    })),
  })
  const among = answers.flatMap(({ data }) => (data?.state === 'predicted' ? [data.interval] : []))
  return (
    <div className="panels">
      {types.map(({ agentType }, index) => {
        const answer = answers[index]
        return (
          <Panel key={agentType} title={visibleText(agentType)}>
            {answer === undefined ? null : (
              <Reading query={answer}>{(prediction) => <Predicted prediction={prediction} among={among} />}</Reading>
            )}
          </Panel>
        )
      })}
    </div>
  )
}

interface PredictedProps {
  readonly prediction: Prediction
  readonly among: readonly (readonly [number, number])[]
}

function Predicted({ prediction, among }: PredictedProps): ReactNode {
  const t = useText(LEARNING)
  if (prediction.state === 'too_few') {
    return <p className="muted">{t('tooFew', { count: prediction.sessions, needed: prediction.needed })}</p>
  }
  const { mean, interval, level, direction, factors, recommendations, until } = prediction
  const [key, shape] = DIRECTIONS[direction]
  const text = t('predicted', {
    mean: signed(mean),
    low: signed(interval[0]),
    high: signed(interval[1]),
    level: percent(level),
  })
  return (
    <>
      <IntervalBar label={text} interval={interval} middle={mean} among={among} />
      <p>{text}</p>
      <p className="muted small">
        <span aria-hidden="true">{shape}</span> {t(key)}, {t('untilTime', { at: timeText(until) })}
      </p>
      <DataTable
        caption={t('factors')}
        rows={factors}
        keyOf={({ name }) => name}
        columns={[
          { key: 'name', title: t('factor'), cell: ({ name }) => <AgentText text={name} /> },
          { key: 'value', title: t('value'), isNumber: true, cell: ({ value }) => value.toFixed(2) },
          { key: 'effect', title: t('effect'), cell: ({ effect }) => <AgentText text={effect} /> },
        ]}
      />
      <ul className="small">
        {recommendations.map((text_) => (
          <li key={text_}>
            <AgentText text={text_} />
          </li>
        ))}
      </ul>
    </>
  )
}
