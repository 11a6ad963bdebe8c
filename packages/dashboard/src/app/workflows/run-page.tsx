import '../styles/workflows.css'
import type { Workflow, WorkflowRunDetail, WorkflowVersion } from '@preceptor/orchestration/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { personText } from '../data/format.ts'
import { readWhole } from '../data/read-whole.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Drawing } from './drawing.tsx'
import { Expected } from './expected.tsx'
import { lengthText } from './length-text.ts'
import { RunActions } from './run-actions.tsx'
import { StateMark } from './state-mark.tsx'
import type { StepState } from './step-looks.ts'
import { stepElement, Timeline } from './timeline.tsx'
import { useOrchestration } from './use-orchestration.ts'
import { WORKFLOWS } from './workflows-messages.ts'

const route = getRouteApi('/workflows/runs/$runId')

/** One run: its steps with everything that came of them. */
export function RunPage(): ReactNode {
  const t = useText(WORKFLOWS)
  const { runId } = route.useParams()
  const { runs, workflows } = useOrchestration()
  const query = useQuery({ queryKey: ['run', runId], queryFn: () => runs.get(runId) })
  const id = query.data?.workflow
  const workflow = useQuery({
    queryKey: ['workflows', id ?? ''],
    queryFn: () => workflows.get(id ?? ''),
    enabled: id !== undefined,
  })
  const title =
    workflow.data === undefined ? (
      t('run')
    ) : (
      <span>{t.rich('runOf', { name: <AgentText text={workflow.data.name} /> })}</span>
    )
  return (
    <Page title={title} actions={query.data === undefined ? undefined : <RunActions run={query.data} />}>
      <p className="line">
        {id === undefined ? null : (
          <Link to="/workflows/$workflowId" params={{ workflowId: id }}>
            {t('backToWorkflow')}
          </Link>
        )}
        <Link to="/workflows" search={{ show: 'runs' }}>
          {t('allRuns')}
        </Link>
      </p>
      <Reading query={query}>{(run) => <Body key={run.id} run={run} workflow={workflow.data} />}</Reading>
    </Page>
  )
}

interface BodyProps {
  readonly run: WorkflowRunDetail
  readonly workflow: Workflow | undefined
}

function Body({ run, workflow }: BodyProps): ReactNode {
  const t = useText(WORKFLOWS)
  const definition = useDefinition(run, workflow)
  const states = useMemo(() => statesOf(run), [run])
  const titles = useMemo(() => new Map(run.steps.map((step) => [step.step, step.id])), [run])
  const open = (step: string): void => {
    const id = titles.get(step)
    if (id !== undefined) document.getElementById(stepElement(id))?.focus()
  }
  return (
    <>
      <Head run={run} />
      {run.failure === null ? null : (
        <div className="note note-bad" role="note">
          <p>
            <strong>{t('failedAt', { step: run.failure.step })}</strong> <code>{run.failure.code}</code>
          </p>
          <p>
            <AgentText text={run.failure.message} />
          </p>
        </div>
      )}
      <div className="wf-run">
        <Timeline run={run} definition={definition} />
        {definition === undefined ? null : (
          <Drawing title={t('drawing')} definition={definition} states={states} onOpen={({ id }) => open(id)} />
        )}
      </div>
      <div className="panels">
        <Panel title={t('input')}>
          <JsonView value={run.input} />
        </Panel>
        {run.state === 'completed' ? (
          <Panel title={t('output')}>
            <JsonView value={run.output} />
          </Panel>
        ) : null}
      </div>
      <Expected run={run} />
    </>
  )
}

function Head({ run }: { readonly run: WorkflowRunDetail }): ReactNode {
  const t = useText(WORKFLOWS)
  const { state, version, startedBy, createdAt, endedAt, schedule, id } = run
  const by = <AgentText text={personText(startedBy)} />
  return (
    <div className="line">
      {/* What becomes of it is said to those who only hear the page. */}
      <span role="status">
        <StateMark state={state} />
      </span>
      <span>{t('versionNumber', { version })}</span>
      <span className="muted">
        {t.rich(schedule === null ? 'startedAgo' : 'startedByClock', { ago: <RelativeTime at={createdAt} />, by })}
      </span>
      {endedAt === null ? null : (
        <span className="muted">
          {t('tookTime', { time: lengthText(Date.parse(endedAt) - Date.parse(createdAt)) })}
        </span>
      )}
      <code className="muted small">{id}</code>
      <CopyButton text={location.href} label={t('copyLink')} />
    </div>
  )
}

/** The definition that the run began with. */
function useDefinition(
  run: WorkflowRunDetail,
  workflow: Workflow | undefined,
): WorkflowVersion['definition'] | undefined {
  const { workflows } = useOrchestration()
  const isCurrent = workflow?.version === run.version
  const versions = useQuery({
    queryKey: ['workflows', run.workflow, 'versions', workflow?.version ?? 0],
    queryFn: () => readWhole((page) => workflows.versions(run.workflow, page)),
    enabled: workflow !== undefined && !isCurrent,
  })
  if (isCurrent) return workflow.definition
  return versions.data?.find(({ version }) => version === run.version)?.definition
}

/** The state of each step as the newest visit has it; a step that nobody came to has none. */
function statesOf({ steps }: WorkflowRunDetail): ReadonlyMap<string, StepState> {
  const states = new Map<string, StepState>()
  const visits = new Map<string, number>()
  for (const { step, visit, state } of steps) {
    if (visit < (visits.get(step) ?? 0)) continue
    visits.set(step, visit)
    states.set(step, state)
  }
  return states
}
