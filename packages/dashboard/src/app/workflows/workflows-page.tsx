import '../styles/workflows.css'
import type { ListedWorkflow, Workflow } from '@preceptor/orchestration/client'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Installed } from '../ui/installed.tsx'
import { Listing } from '../ui/listing.tsx'
import { Page, PageTabs } from '../ui/page.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { ToAgent } from '../ui/to-agent.tsx'
import { RunFilter } from './run-filter.tsx'
import { RunTable } from './run-table.tsx'
import { StateMark } from './state-mark.tsx'
import { useOrchestration } from './use-orchestration.ts'
import { WORKFLOWS } from './workflows-messages.ts'

const route = getRouteApi('/workflows')

const SNIPPET = `const { workflows } = scope.plugin(orchestration)
await workflows.create({
  name: 'refund above the limit',
  agent: 'refund-bot',
  steps: [
    { id: 'ask', type: 'approval', question: 'Refund it?' },
    { id: 'pay', type: 'agent', action: 'refund.create' },
  ],
})`

/** Every workflow of the workspace, or every run. */
export function WorkflowsPage(): ReactNode {
  const t = useText(WORKFLOWS)
  const { show, state } = route.useSearch()
  const { supervises } = usePowers()
  const tabs = (
    <PageTabs label={t('views')}>
      <Link to="/workflows" search={{}} activeOptions={{ exact: true, includeSearch: true }}>
        {t('title')}
      </Link>
      <Link to="/workflows" search={{ show: 'runs' }}>
        {t('runs')}
      </Link>
    </PageTabs>
  )
  const actions = supervises ? (
    <Link to="/workflows/new" className="button button-primary">
      {t('create')}
    </Link>
  ) : undefined
  return (
    <Page title={t('title')} actions={actions} tabs={tabs}>
      <Installed feature="orchestration">
        {show === undefined ? (
          <Workflows />
        ) : (
          <>
            <RunFilter state={state} />
            <RunTable state={state} />
          </>
        )}
      </Installed>
    </Page>
  )
}

function Workflows(): ReactNode {
  const t = useText(WORKFLOWS)
  const { workflows } = useOrchestration()
  const list = usePages({
    queryKey: ['workflows', 'list'],
    read: (cursor) => workflows.list({ limit: 25, ...cursorOf(cursor) }),
  })
  return (
    <Listing
      list={list}
      empty={
        <Empty title={t('none')} snippet={SNIPPET}>
          {t('noneWhy')}
        </Empty>
      }
    >
      {(items) => (
        <DataTable
          caption={t('title')}
          rows={items}
          keyOf={({ id }) => id}
          columns={[
            { key: 'name', title: t('name'), cell: (one) => <NameCell workflow={one} /> },
            { key: 'state', title: t('state'), cell: (one) => <WorkflowState state={one.state} /> },
            { key: 'version', title: t('version'), isNumber: true, cell: ({ version }) => version },
            { key: 'agent', title: t('agent'), cell: ({ definition }) => <ToAgent id={definition.agent} /> },
            { key: 'last', title: t('lastRun'), cell: ({ lastRun }) => <LastRun run={lastRun} /> },
            { key: 'clock', title: t('schedules'), cell: ({ schedules }) => <Clocks schedules={schedules} /> },
          ]}
        />
      )}
    </Listing>
  )
}

function NameCell({ workflow: { id, name, definition } }: { readonly workflow: Workflow }): ReactNode {
  return (
    <>
      <Link to="/workflows/$workflowId" params={{ workflowId: id }}>
        <AgentText text={name} />
      </Link>
      {definition.description === undefined ? null : (
        <p className="muted small">
          <AgentText text={definition.description} />
        </p>
      )}
    </>
  )
}

/** Whether runs of it can begin. */
export function WorkflowState({ state }: { readonly state: Workflow['state'] }): ReactNode {
  const t = useText(WORKFLOWS)
  return state === 'active' ? (
    <span className="badge tone-good">
      <span aria-hidden="true">●</span>
      {t('active')}
    </span>
  ) : (
    <span className="badge tone-quiet">
      <span aria-hidden="true">□</span>
      {t('archived')}
    </span>
  )
}

function LastRun({ run }: { readonly run: ListedWorkflow['lastRun'] }): ReactNode {
  const t = useText(WORKFLOWS)
  if (run === null) return <span className="muted">{t('never')}</span>
  return (
    <Link to="/workflows/runs/$runId" params={{ runId: run.id }} className="wf-run-link">
      <StateMark state={run.state} />
      <RelativeTime at={run.createdAt} />
    </Link>
  )
}

function Clocks({ schedules }: Pick<ListedWorkflow, 'schedules'>): ReactNode {
  const t = useText(WORKFLOWS)
  if (schedules.length === 0) return <span className="muted">{t('noSchedule')}</span>
  return (
    <ul>
      {schedules.map(({ id, cron, nextAt }) => (
        <li key={id}>
          <code>{cron}</code>
          {nextAt === null ? null : <span className="muted small"> {t('nextAt', { at: timeText(nextAt) })}</span>}
        </li>
      ))}
    </ul>
  )
}
