import { visibleText } from '@preceptor/client'
import type { WorkflowRun } from '@preceptor/orchestration/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { personText } from '../data/format.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { lengthText } from './length-text.ts'
import { StateMark } from './state-mark.tsx'
import { useOrchestration } from './use-orchestration.ts'
import { WORKFLOWS } from './workflows-messages.ts'

interface RunTableProps {
  /** Only those of one workflow. */
  readonly workflow?: string
  readonly state?: WorkflowRun['state'] | undefined
}

/** Runs, newest first. */
export function RunTable({ workflow, state }: RunTableProps): ReactNode {
  const t = useText(WORKFLOWS)
  const { runs } = useOrchestration()
  const list = usePages({
    queryKey: ['runs', 'list', workflow ?? '', state ?? ''],
    read: (cursor) =>
      runs.list({
        limit: 25,
        ...cursorOf(cursor),
        ...(workflow === undefined ? {} : { workflow }),
        ...(state === undefined ? {} : { state }),
      }),
  })
  const ofWorkflow: Column<WorkflowRun> = {
    key: 'workflow',
    title: t('workflow'),
    cell: (run) => <WorkflowName id={run.workflow} />,
  }
  return (
    <Listing list={list} empty={<Empty title={t(state === undefined ? 'noRuns' : 'noRunsLike')} />}>
      {(items) => (
        <DataTable
          caption={t('runs')}
          rows={items}
          keyOf={({ id }) => id}
          columns={[
            { key: 'state', title: t('run'), cell: (run) => <RunLink run={run} /> },
            ...(workflow === undefined ? [ofWorkflow] : []),
            { key: 'version', title: t('version'), isNumber: true, cell: ({ version }) => version },
            { key: 'by', title: t('startedBy'), cell: ({ startedBy }) => visibleText(personText(startedBy)) },
            { key: 'at', title: t('started'), cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
            { key: 'took', title: t('took'), isNumber: true, cell: tookText },
            { key: 'failure', title: t('failure'), cell: ({ failure }) => <Failure failure={failure} /> },
          ]}
        />
      )}
    </Listing>
  )
}

function tookText({ createdAt, endedAt }: WorkflowRun): string {
  return endedAt === null ? '–' : lengthText(Date.parse(endedAt) - Date.parse(createdAt))
}

function RunLink({ run: { id, state } }: { readonly run: WorkflowRun }): ReactNode {
  return (
    <Link to="/workflows/runs/$runId" params={{ runId: id }} className="wf-run-link">
      <StateMark state={state} />
      <code className="small">{id}</code>
    </Link>
  )
}

function WorkflowName({ id }: { readonly id: string }): ReactNode {
  const { workflows } = useOrchestration()
  const { data } = useQuery({ queryKey: ['workflows', id], queryFn: () => workflows.get(id), staleTime: 60_000 })
  return (
    <Link to="/workflows/$workflowId" params={{ workflowId: id }}>
      {data === undefined ? <code className="small">{id}</code> : <AgentText text={data.name} />}
    </Link>
  )
}

function Failure({ failure }: Pick<WorkflowRun, 'failure'>): ReactNode {
  if (failure === null) return null
  return (
    <>
      <code className="bad">{failure.code}</code> <AgentText text={failure.message} />
    </>
  )
}
