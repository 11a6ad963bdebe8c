import type { AgentInsights, AgentMetrics } from '@preceptor/learning/client'
import { FEEDBACK_KINDS } from '@preceptor/learning/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ChartFrame } from '../charts/chart-frame.tsx'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { AgentChoice } from './agent-choice.tsx'
import { BarList } from './bar-list.tsx'
import { FeedbackList } from './feedback-list.tsx'
import { LEARNING } from './learning-messages.ts'
import { LearningPage } from './learning-page.tsx'
import { KIND_KEYS } from './learning-words.ts'
import { percent, signed } from './score-scale.ts'
import { TypeTable } from './type-table.tsx'
import { useLearning } from './use-learning.ts'

const route = getRouteApi('/learning/insights')

/** What stands out in how agents answer: by type, and of one agent. */
export function InsightsPage(): ReactNode {
  const t = useText(LEARNING)
  const { agent } = route.useSearch()
  const navigate = useNavigate()
  const choose = (id: string | undefined): void =>
    void navigate({ to: '/learning/insights', search: id === undefined ? {} : { agent: id } })
  return (
    <LearningPage part="insights">
      <div className="line">
        <AgentChoice label={t('agent')} value={agent} none={t('allAgents')} onChange={choose} />
      </div>
      {agent === undefined ? <TypeTable /> : <OfAgent key={agent} agent={agent} />}
      <FeedbackList agent={agent} />
    </LearningPage>
  )
}

function OfAgent({ agent }: { readonly agent: string }): ReactNode {
  const { feedback } = useLearning()
  const metrics = useQuery({ queryKey: ['learning', 'metrics', agent], queryFn: () => feedback.metrics(agent) })
  const insights = useQuery({ queryKey: ['learning', 'insights', agent], queryFn: () => feedback.insights(agent) })
  return (
    <>
      <Reading query={metrics}>{(data) => <Metrics metrics={data} />}</Reading>
      <Reading query={insights}>{(data) => <Insights insights={data} />}</Reading>
    </>
  )
}

function Metrics({ metrics }: { readonly metrics: AgentMetrics }): ReactNode {
  const t = useText(LEARNING)
  const { total, accuracy, improvementRate, responseTimeMs, byKind } = metrics
  const rate = improvementRate === null ? '–' : signed(improvementRate * 100)
  const kinds = FEEDBACK_KINDS.map((kind) => ({
    id: kind,
    name: t(KIND_KEYS[kind]),
    value: byKind[kind],
    text: String(byKind[kind]),
  }))
  return (
    <>
      <div className="tiles">
        <Tile label={t('feedbackTotal')} value={String(total)} hint={t('inDays', { days: 30 })} />
        <Tile label={t('accuracy')} value={percent(accuracy)} hint={t('accuracyWhat')} />
        <Tile label={t('improvementRate')} value={rate} hint={t('improvementWhat')} />
        <Tile
          label={t('responseTime')}
          value={responseTimeMs === null ? '–' : `${Math.round(responseTimeMs.mean)} ms`}
          hint={
            responseTimeMs === null
              ? t('nothingRan')
              : t('responseWhat', { p95: Math.round(responseTimeMs.p95), runs: responseTimeMs.runs })
          }
        />
      </div>
      <section className="panel" aria-label={t('byKind')}>
        <ChartFrame
          title={t('byKind')}
          rows={total === 0 ? [] : kinds}
          keyOf={({ id }) => id}
          columns={[
            { key: 'kind', title: t('kind'), cell: ({ name }) => name },
            { key: 'count', title: t('count'), isNumber: true, cell: ({ value }) => value },
          ]}
        >
          <BarList bars={kinds} />
        </ChartFrame>
      </section>
    </>
  )
}

/** A number with what it is. */
export function Tile({
  label,
  value,
  hint,
}: {
  readonly label: string
  readonly value: string
  readonly hint?: string
}): ReactNode {
  return (
    <div className="tile">
      <span className="muted small">{label}</span>
      <span className="tile-value">{value}</span>
      {hint === undefined ? null : <span className="muted small">{hint}</span>}
    </div>
  )
}

function Insights({ insights }: { readonly insights: AgentInsights }): ReactNode {
  const t = useText(LEARNING)
  const { topIssues, recommendations, opportunities, agent } = insights
  return (
    <div className="panels">
      <Panel title={t('topIssues')}>
        {topIssues.length === 0 ? (
          <p className="muted">{t('noIssues')}</p>
        ) : (
          <BarList
            bars={topIssues.map(({ tag, count, share }) => ({
              id: tag,
              name: tag,
              value: count,
              text: t('countShare', { count, share: percent(share) }),
            }))}
          />
        )}
      </Panel>
      <Panel title={t('recommendations')}>
        {recommendations.length === 0 ? <p className="muted">{t('noRecommendations')}</p> : null}
        <ul className="stack">
          {recommendations.map(({ code, text }) => (
            <li key={code}>
              <AgentText text={text} />
            </li>
          ))}
        </ul>
      </Panel>
      {opportunities.length === 0 ? null : (
        <Panel title={t('opportunities')}>
          <DataTable
            caption={t('opportunities')}
            rows={opportunities}
            keyOf={({ examples, tag }) => `${tag} ${examples.join()}`}
            columns={[
              { key: 'tag', title: t('tag'), cell: ({ tag }) => (tag === null ? '–' : <AgentText text={tag} />) },
              { key: 'terms', title: t('terms'), cell: ({ terms }) => <AgentText text={terms.join(', ')} /> },
              {
                key: 'count',
                title: t('corrections'),
                isNumber: true,
                cell: ({ count, tag }) => (
                  <Link to="/learning/examples" search={{ agent, ...(tag === null ? {} : { tag }) }}>
                    {count}
                  </Link>
                ),
              },
            ]}
          />
        </Panel>
      )}
    </div>
  )
}
