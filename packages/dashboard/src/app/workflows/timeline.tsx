import { visibleText } from '@preceptor/client'
import type {
  WorkflowDefinition,
  WorkflowRunDetail,
  WorkflowStep,
  WorkflowStepRun,
} from '@preceptor/orchestration/client'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { useNow } from '../data/now.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Button } from '../ui/button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { ToAgent } from '../ui/to-agent.tsx'
import { lengthText } from './length-text.ts'
import { ResolveDialog } from './resolve-dialog.tsx'
import { StateMark } from './state-mark.tsx'
import { STATE_SHAPES, STATE_TONES, TYPE_KEYS } from './step-looks.ts'
import { WORKFLOWS } from './workflows-messages.ts'

interface TimelineProps {
  readonly run: WorkflowRunDetail
  readonly definition: WorkflowDefinition | undefined
}

/** Name of the element of a step, which takes the focus from the drawing. */
export const stepElement = (id: string): string => `step-${id}`

/** The steps of a run in the order in which it came to them, each with what came of it, in full. */
export function Timeline({ run, definition }: TimelineProps): ReactNode {
  const t = useText(WORKFLOWS)
  const titles = titlesOf(definition?.steps ?? [])
  return (
    <section className="stack" aria-labelledby="wf-timeline">
      <h2 id="wf-timeline" className="panel-title">
        {t('timeline')}
      </h2>
      {run.steps.length === 0 ? <p className="muted">{t('noSteps')}</p> : null}
      <ol className="wf-timeline">
        {run.steps.map((step) => (
          <StepCard key={step.id} run={run} step={step} title={titles.get(step.step)} />
        ))}
      </ol>
    </section>
  )
}

function titlesOf(steps: readonly WorkflowStep[]): ReadonlyMap<string, string> {
  const titles = new Map<string, string>()
  for (const step of steps) {
    if (step.title !== undefined) titles.set(step.id, step.title)
    if (step.type !== 'parallel') continue
    for (const branch of step.branches) for (const [id, title] of titlesOf(branch.steps)) titles.set(id, title)
  }
  return titles
}

interface StepCardProps {
  readonly run: WorkflowRunDetail
  readonly step: WorkflowStepRun
  readonly title: string | undefined
}

function StepCard({ run, step, title }: StepCardProps): ReactNode {
  const t = useText(WORKFLOWS)
  const { id, state, type, visit, branch } = step
  return (
    <li id={stepElement(id)} tabIndex={-1} className={`wf-card wf-card-${STATE_TONES[state]}`}>
      <span className="wf-card-mark" aria-hidden="true">
        {STATE_SHAPES[state]}
      </span>
      <div className="wf-card-body">
        <div className="line">
          <h3 className="wf-card-title">
            <AgentText text={title ?? step.step} />
          </h3>
          <StateMark state={state} />
          <span className="tag">{t(TYPE_KEYS[type])}</span>
        </div>
        <p className="line muted small">
          {title === undefined ? null : <code>{visibleText(step.step)}</code>}
          {branch === null ? null : <span>{t('inBranch', { branch: visibleText(branch) })}</span>}
          {visit === 1 ? null : <span>{t('visit', { visit })}</span>}
          {step.attempts === 0 ? null : <span>{t('tries', { count: step.attempts })}</span>}
          <Took run={run} step={step} />
        </p>
        <StepLinks step={step} />
        <StepResult run={run} step={step} />
      </div>
    </li>
  )
}

/** How long a step took or takes, in numbers and as a part of the run. */
function Took({ run, step }: Omit<StepCardProps, 'title'>): ReactNode {
  const t = useText(WORKFLOWS)
  const { clockOffset } = useSignedIn()
  const now = useNow((present) => (step.endedAt === null ? present + clockOffset : 0))
  if (step.startedAt === null) return <span>{t('notStarted')}</span>
  const begin = Date.parse(run.createdAt)
  const end = run.endedAt === null ? Math.max(now, begin + 1) : Date.parse(run.endedAt)
  const from = Date.parse(step.startedAt)
  const until = step.endedAt === null ? end : Date.parse(step.endedAt)
  const whole = Math.max(end - begin, 1)
  const at = (time: number): number => Math.min(Math.max(((time - begin) / whole) * 100, 0), 100)
  const text = t(step.endedAt === null ? 'runningFor' : 'tookTime', { time: lengthText(until - from) })
  return (
    <>
      <span title={timeText(step.startedAt)}>{text}</span>
      <svg className="wf-span" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect x={0} y={2.5} width={100} height={1} className="wf-span-all" />
        <rect x={Math.min(at(from), 98)} y={0} width={Math.max(at(until) - at(from), 2)} height={6} rx={1} />
      </svg>
    </>
  )
}

function StepLinks({ step }: { readonly step: WorkflowStepRun }): ReactNode {
  const t = useText(WORKFLOWS)
  const { agent, action, proposal, queueEntry, state, note, dueAt } = step
  const queue: string = '/live'
  return (
    <>
      {agent === null && action === null ? null : (
        <p className="line small">
          {agent === null ? null : <ToAgent id={agent} />}
          {action === null ? null : <code>{visibleText(action)}</code>}
        </p>
      )}
      {proposal === null ? null : (
        <p>
          <Link to="/inbox/$proposalId" params={{ proposalId: proposal }} search={{}}>
            {t(state === 'waiting' ? 'waitsForPeople' : 'itsProposal')}
          </Link>
        </p>
      )}
      {queueEntry === null || state !== 'waiting' ? null : (
        <p>
          <Link to={queue}>{t('waitsForSupervisor')}</Link>
        </p>
      )}
      {note === null ? null : (
        <p className="small">
          {t('standsBecause')} <AgentText text={note} />
        </p>
      )}
      {dueAt === null || state !== 'pending' ? null : (
        <p className="muted small">{t('triedAt', { at: timeText(dueAt) })}</p>
      )}
    </>
  )
}

function StepResult({ run, step }: Omit<StepCardProps, 'title'>): ReactNode {
  const t = useText(WORKFLOWS)
  const { supervises } = usePowers()
  const [isAsking, setAsking] = useState(false)
  const { state, failure, output } = step
  return (
    <>
      {failure === null ? null : (
        <div className="note note-bad">
          <code>{failure.code}</code> <AgentText text={failure.message} />
        </div>
      )}
      {state === 'succeeded' ? (
        <details open className="wf-output">
          <summary>{t('output')}</summary>
          <JsonView value={output} />
        </details>
      ) : null}
      {state === 'outcome_unknown' ? (
        <div className="note note-warn">
          <p>{t('unknownWhat')}</p>
          {supervises ? <Button onClick={() => setAsking(true)}>{t('resolve')}</Button> : null}
        </div>
      ) : null}
      {isAsking ? <ResolveDialog run={run.id} step={step} onClose={() => setAsking(false)} /> : null}
    </>
  )
}
