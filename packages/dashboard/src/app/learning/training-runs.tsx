import { visibleText } from '@preceptor/client'
import type { PairedResult, TrainingRun } from '@preceptor/learning/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Listing } from '../ui/listing.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { IntervalBar } from './interval-bar.tsx'
import { LEARNING } from './learning-messages.ts'
import { LearningState } from './learning-state.tsx'
import { signed } from './score-scale.ts'
import { useLearning } from './use-learning.ts'

/** Trainings of types of agents, each with its test. */
export function TrainingRuns({ agentType }: { readonly agentType: string | undefined }): ReactNode {
  const t = useText(LEARNING)
  const { training } = useLearning()
  const list = usePages({
    queryKey: ['learning', 'training', agentType ?? ''],
    read: (cursor) =>
      training.list({ limit: 25, ...cursorOf(cursor), ...(agentType === undefined ? {} : { agentType }) }),
  })
  return (
    <section className="stack" aria-labelledby="lr-training">
      <h2 id="lr-training" className="panel-title">
        {t('trainingRuns')}
      </h2>
      <Listing list={list} empty={<p className="muted">{t('noTraining')}</p>}>
        {(items) => (
          <DataTable
            caption={t('trainingRuns')}
            rows={items}
            keyOf={({ id }) => id}
            columns={[
              { key: 'state', title: t('state'), cell: ({ state }) => <LearningState state={state} /> },
              { key: 'type', title: t('agentType'), cell: (run) => visibleText(run.agentType) },
              {
                key: 'cause',
                title: t('cause'),
                cell: ({ cause }) => t(cause === 'asked' ? 'byRequest' : 'automatic'),
              },
              { key: 'examples', title: t('examples'), isNumber: true, cell: ({ examples }) => examples },
              { key: 'version', title: t('wrote'), cell: (run) => <Wrote run={run} /> },
              { key: 'test', title: t('test'), cell: ({ test }) => <TestResult test={test} /> },
              { key: 'end', title: t('deployed'), cell: (run) => <Outcome run={run} /> },
              { key: 'at', title: t('when'), cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
            ]}
          />
        )}
      </Listing>
    </section>
  )
}

function Wrote({ run: { playbook } }: { readonly run: TrainingRun }): ReactNode {
  const t = useText(LEARNING)
  if (playbook === null) return '–'
  return (
    <Link to="/learning/playbooks/$playbookId" params={{ playbookId: playbook.id }} search={{}}>
      {t('versionNumber', { version: playbook.version })}
    </Link>
  )
}

/** What a test on held-out cases found, with what it lies between. */
function TestResult({ test }: { readonly test: PairedResult | null }): ReactNode {
  const t = useText(LEARNING)
  if (test === null) return <span className="muted">–</span>
  if (test.state === 'too_few')
    return <span className="muted">{t('tooFewCases', { cases: test.cases, needed: test.needed })}</span>
  const { improvement, interval, p, cases, before, after } = test
  const [low, high] = interval
  const text = t('tested', {
    improvement: signed(improvement),
    low: signed(low),
    high: signed(high),
    p: p.toPrecision(2),
    cases,
  })
  return (
    <div className="lr-test">
      <IntervalBar label={text} interval={interval} middle={improvement} />
      <span className="small">{text}</span>
      <span className="muted small">{t('beforeAfter', { before: before.toFixed(1), after: after.toFixed(1) })}</span>
    </div>
  )
}

function Outcome({ run: { deployment, failure } }: { readonly run: TrainingRun }): ReactNode {
  const t = useText(LEARNING)
  if (failure !== null) return <AgentText text={failure} />
  if (deployment === null) return <span className="muted">–</span>
  return (
    <>
      <span className={`badge tone-${deployment.deployed ? 'good' : 'quiet'}`}>
        {t(deployment.deployed ? 'yes' : 'no')}
      </span>{' '}
      <AgentText text={deployment.reason} />
    </>
  )
}
