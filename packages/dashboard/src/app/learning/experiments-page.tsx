import { visibleText } from '@preceptor/client'
import type { Experiment } from '@preceptor/learning/client'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { usePowers } from '../data/roles.ts'
import { useAct } from '../data/use-act.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { type Text, useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { Meter } from '../ui/meter.tsx'
import { Panel } from '../ui/page.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { LEARNING, type LearningKey } from './learning-messages.ts'
import { LearningPage } from './learning-page.tsx'
import { LearningState } from './learning-state.tsx'
import { one } from './score-scale.ts'
import { useLearning } from './use-learning.ts'

const SNIPPET = `await scope.plugin(learning).experiments.start({
  agentType: 'support',
  subject: { kind: 'playbooks', playbook: 'pbk_…', a: 1, b: 2 },
})`

/** Experiments: two arms, and whether it is decided between them. */
export function ExperimentsPage(): ReactNode {
  const t = useText(LEARNING)
  const { experiments } = useLearning()
  const list = usePages({
    queryKey: ['learning', 'experiments'],
    read: (cursor) => experiments.list({ limit: 25, ...cursorOf(cursor) }),
  })
  return (
    <LearningPage part="experiments">
      <Listing
        list={list}
        empty={
          <Empty title={t('noExperiments')} snippet={SNIPPET}>
            {t('noExperimentsWhy')}
          </Empty>
        }
      >
        {(items) => (
          <div className="panels">
            {items.map((experiment) => (
              <ExperimentPanel key={experiment.id} experiment={experiment} />
            ))}
          </div>
        )}
      </Listing>
    </LearningPage>
  )
}

function armText({ subject }: Experiment, arm: 'a' | 'b', t: Text<LearningKey>): string {
  if (subject.kind === 'strategies') return t('strategyArm', { name: visibleText(subject[arm]) })
  const version = subject[arm]
  return version === null ? t('withoutPlaybook') : t('versionNumber', { version })
}

function ExperimentPanel({ experiment }: { readonly experiment: Experiment }): ReactNode {
  const t = useText(LEARNING)
  const { supervises } = usePowers()
  const [isStopping, setStopping] = useState(false)
  const { agentType, state, winner, subject, runs, mostRuns, evidence, alpha, reason, id, createdAt } = experiment
  const stop =
    supervises && state === 'running' ? (
      <Button kind="danger" onClick={() => setStopping(true)}>
        {t('stop')}
      </Button>
    ) : null
  return (
    <Panel title={visibleText(agentType)} actions={stop}>
      <div className="line">
        <LearningState state={state} />
        {subject.kind === 'playbooks' ? (
          <Link to="/learning/playbooks/$playbookId" params={{ playbookId: subject.playbook }} search={{}}>
            {t('playbook')}
          </Link>
        ) : null}
        <span className="muted small">
          <RelativeTime at={createdAt} />
        </span>
      </div>
      <dl className="facts">
        {(['a', 'b'] as const).map((arm) => (
          <Arm key={arm} experiment={experiment} arm={arm} isWinner={winner === arm} />
        ))}
        <dt>{t('runs')}</dt>
        <dd>
          <Meter label={t('runs')} share={runs / mostRuns} text={`${runs} / ${mostRuns}`} />
        </dd>
        <dt>{t('evidence')}</dt>
        <dd>
          <Meter
            label={t('evidence')}
            share={Math.log(Math.max(evidence, 1)) / Math.log(1 / alpha)}
            text={t('evidenceText', { evidence: evidence.toFixed(2), needed: Math.round(1 / alpha) })}
          />
        </dd>
      </dl>
      {reason === null ? null : (
        <p className="small">
          <AgentText text={reason} />
        </p>
      )}
      <code className="muted small">{id}</code>
      {isStopping ? <StopDialog id={id} onClose={() => setStopping(false)} /> : null}
    </Panel>
  )
}

interface ArmProps {
  readonly experiment: Experiment
  readonly arm: 'a' | 'b'
  readonly isWinner: boolean
}

function Arm({ experiment, arm, isWinner }: ArmProps): ReactNode {
  const t = useText(LEARNING)
  const mean = arm === 'a' ? experiment.meanA : experiment.meanB
  return (
    <>
      <dt>{t(arm === 'a' ? 'armA' : 'armB')}</dt>
      <dd className="line">
        <span>{armText(experiment, arm, t)}</span>
        <strong>{t('meanOf', { mean: one(mean) })}</strong>
        {isWinner ? <span className="badge tone-good">{t('winner')}</span> : null}
      </dd>
    </>
  )
}

function StopDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
  const t = useText(LEARNING)
  const { experiments } = useLearning()
  const client = useQueryClient()
  const act = useAct({
    does: (reason: string) => experiments.stop(id, reason),
    says: () => t('stoppedSaid'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['learning'] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('stopTitle')}
      description={t('stopWhat')}
      confirm={{ label: t('stop'), kind: 'danger' }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    />
  )
}
