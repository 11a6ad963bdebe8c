import { type ScenarioRun, type TrainingSessionDetail, visibleText } from '@preceptor/client'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useKeys } from '../keys/use-keys.ts'
import { type Text, useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Button } from '../ui/button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Panel } from '../ui/page.tsx'
import { AnswerPart } from './answer-part.tsx'
import { GraderView } from './grader-view.tsx'
import { scoreShare } from './score-share.ts'
import { needOf, nextOpen, type RunNeed } from './session-outlook.ts'
import { TRAINING } from './training-messages.ts'

interface ScenarioRunnerProps {
  readonly session: TrainingSessionDetail
  /** The place of the open scenario, from 1; without one the first that waits for somebody. */
  readonly task: number | undefined
}

/** The scenarios of a session, one of them open: what was asked, what the agent said, and what was expected. */
export function ScenarioRunner({ session, task }: ScenarioRunnerProps): ReactNode {
  const t = useText(TRAINING)
  const navigate = useNavigate()
  const title = useRef<HTMLHeadingElement>(null)
  const wentBy = useRef(false)
  const { scenarios } = session
  const first = nextOpen(scenarios, -1) ?? 0
  const index = Math.min((task ?? first + 1) - 1, Math.max(0, scenarios.length - 1))
  const run = scenarios[index]
  const open = (next: number): void => {
    wentBy.current = true
    void navigate({ to: '.', search: { task: next + 1 }, replace: true })
  }
  const step = (by: number): void => open(Math.min(Math.max(index + by, 0), scenarios.length - 1))
  useKeys({ j: () => step(1), k: () => step(-1) })
  // Whoever went on to another scenario reads on from its title.
  useEffect(() => {
    if (wentBy.current && index >= 0) title.current?.focus()
  }, [index])
  if (run === undefined) return null
  return (
    <Panel title={t('tasks')} className="runner">
      <Steps session={session} index={index} onOpen={open} />
      <div className="runner-open">
        <h3 className="runner-title" tabIndex={-1} ref={title}>
          {t('taskOf', { position: index + 1, of: scenarios.length })} · {visibleText(run.topic)}
        </h3>
        <p className="line muted small">
          <code>{visibleText(run.scenario)}</code>
          <span className="tag">{visibleText(run.capability)}</span>
          <span>{t('weight', { weight: run.weight })}</span>
          <strong>{needText(t, run)}</strong>
        </p>
        <div className="runner-parts">
          <TaskPart run={run} />
          <AnswerPart
            key={run.scenario}
            session={session}
            run={run}
            onDone={(after) => {
              const next = nextOpen(after.scenarios, index)
              if (next !== undefined) open(next)
            }}
          />
          <GraderView run={run} />
        </div>
        <div className="line">
          <Button kind="quiet" hint="K" disabled={index === 0} onClick={() => step(-1)}>
            {t('previous')}
          </Button>
          <Button kind="quiet" hint="J" disabled={index === scenarios.length - 1} onClick={() => step(1)}>
            {t('next')}
          </Button>
        </div>
      </div>
    </Panel>
  )
}

const SIGNS: Readonly<Record<RunNeed, string>> = { answer: '○', grader: '◌', person: '◐', nothing: '●' }

interface StepsProps {
  readonly session: TrainingSessionDetail
  readonly index: number
  readonly onOpen: (index: number) => void
}

function Steps({ session, index, onOpen }: StepsProps): ReactNode {
  const t = useText(TRAINING)
  return (
    <ol className="runner-steps" aria-label={t('tasks')}>
      {session.scenarios.map((run, at) => (
        <li key={run.scenario}>
          <button
            type="button"
            className="runner-step"
            aria-current={at === index ? 'step' : undefined}
            onClick={() => onOpen(at)}
          >
            <span aria-hidden="true">{SIGNS[needOf(run)]}</span> {at + 1}. {visibleText(run.topic)}
            <span className="visually-hidden">, {needText(t, run)}</span>
            {run.score === null ? null : <span className="runner-score">{scoreShare(run.score)}</span>}
          </button>
        </li>
      ))}
    </ol>
  )
}

const NEEDS = { answer: 'needAnswer', grader: 'needGrader', person: 'needPerson' } as const

function needText(t: Text<keyof (typeof TRAINING)['english']>, run: ScenarioRun): string {
  const need = needOf(run)
  return need === 'nothing' ? t('needNothing', { score: scoreShare(run.score ?? 0) }) : t(NEEDS[need])
}

function TaskPart({ run }: { readonly run: ScenarioRun }): ReactNode {
  const t = useText(TRAINING)
  return (
    <section className="runner-part" aria-label={t('task')}>
      <h4 className="field-label">{t('task')}</h4>
      <p>
        <AgentText text={run.task} />
      </p>
      <h4 className="field-label">{t('input')}</h4>
      <JsonView value={run.input} />
    </section>
  )
}
