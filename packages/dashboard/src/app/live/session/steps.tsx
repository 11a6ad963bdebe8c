import { type SessionStep, type SupervisionSessionDetail, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { personText } from '../../data/format.ts'
import { useText } from '../../text/use-text.ts'
import { AgentText } from '../../ui/agent-text.tsx'
import { RiskBadge } from '../../ui/badges.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Meter } from '../../ui/meter.tsx'
import { Panel } from '../../ui/page.tsx'
import type { Progress, SessionFeed } from './session-feed.ts'
import { SESSION } from './session-messages.ts'

const MOST = 100
const PERCENT = 100

type StepWord =
  | 'stepWaiting'
  | 'stepAnnounced'
  | 'stepStarted'
  | 'stepEnded'
  | 'stepSucceeded'
  | 'stepFailed'
  | 'stepReleased'
  | 'stepUnknown'
  | 'stepWithheld'

const SIGNS: Readonly<Record<StepWord, string>> = {
  stepWaiting: '○',
  stepAnnounced: '◷',
  stepStarted: '▶',
  stepEnded: '✓',
  stepSucceeded: '✓',
  stepFailed: '✕',
  stepReleased: '↩',
  stepUnknown: '?',
  stepWithheld: '⊘',
}

const ENDS: Readonly<Record<string, StepWord>> = {
  succeeded: 'stepSucceeded',
  failed: 'stepFailed',
  released: 'stepReleased',
  outcome_unknown: 'stepUnknown',
}

function wordOf({ state, startsAt, endedAt }: SessionStep, end: string | undefined): StepWord {
  if (state === 'withheld') return 'stepWithheld'
  if (state === 'waiting') return startsAt === null ? 'stepWaiting' : 'stepAnnounced'
  if (endedAt === null) return 'stepStarted'
  return ENDS[end ?? ''] ?? 'stepEnded'
}

/** What the run has done, does and waits to do, in the order in which it was attempted. */
export function Steps({
  session,
  feed,
}: {
  readonly session: SupervisionSessionDetail
  readonly feed: SessionFeed
}): ReactNode {
  const t = useText(SESSION)
  const steps = session.steps.toReversed()
  return (
    <Panel title={t('steps')}>
      {steps.length === 0 ? <p className="muted">{t('noSteps')}</p> : null}
      {steps.length === MOST ? <p className="muted small">{t('lastSteps')}</p> : null}
      <ol className="steps">
        {steps.map((step) => (
          <Step key={step.id} step={step} end={feed.endOf.get(step.id)} progress={feed.progressOf.get(step.id)} />
        ))}
      </ol>
    </Panel>
  )
}

interface StepProps {
  readonly step: SessionStep
  readonly end: string | undefined
  readonly progress: Progress | undefined
}

function Step({ step, end, progress }: StepProps): ReactNode {
  const t = useText(SESSION)
  const { action, risk, args, correctedArgs, objectedBy } = step
  const word = wordOf(step, end)
  const isUnderWay = word === 'stepStarted'
  return (
    <li className={`step ${word}`} aria-current={isUnderWay ? 'step' : undefined}>
      <span className="step-sign" aria-hidden="true">
        {SIGNS[word]}
      </span>
      <div className="step-body">
        <p className="line">
          <strong className="step-action">{visibleText(action)}</strong>
          <RiskBadge risk={risk} />
        </p>
        <p className="muted small">
          {t(word)}
          {objectedBy === null ? '' : ` · ${t('objectedBy', { who: personText(objectedBy) })}`}
          {correctedArgs === null ? '' : ` · ${t('corrected')}`}
        </p>
        {isUnderWay && progress !== undefined ? (
          <p className="small">
            <Meter
              label={t('stepProgress', { action })}
              share={progress.value}
              text={t('progressText', { percent: Math.round(progress.value * PERCENT) })}
            />
            {progress.message === '' ? null : <AgentText text={` ${progress.message}`} />}
          </p>
        ) : null}
        <details>
          <summary className="small muted">
            {t('args')}
            <span className="visually-hidden">: {visibleText(action)}</span>
          </summary>
          <JsonView value={args} />
          {correctedArgs === null ? null : (
            <>
              <p className="small muted">{t('correctedArgs')}</p>
              <JsonView value={correctedArgs} />
            </>
          )}
        </details>
      </div>
    </li>
  )
}
