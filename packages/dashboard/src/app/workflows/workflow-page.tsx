import '../styles/workflows.css'
import type { Workflow } from '@preceptor/orchestration/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { personText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { ToAgent } from '../ui/to-agent.tsx'
import { Drawing } from './drawing.tsx'
import { ExecuteDialog } from './execute-dialog.tsx'
import { RunTable } from './run-table.tsx'
import { Schedules } from './schedules.tsx'
import { useOrchestration } from './use-orchestration.ts'
import { Versions } from './versions.tsx'
import { WORKFLOWS } from './workflows-messages.ts'
import { WorkflowState } from './workflows-page.tsx'

const route = getRouteApi('/workflows/$workflowId')

/** One workflow: its drawing, runs, schedules and versions. */
export function WorkflowPage(): ReactNode {
  const t = useText(WORKFLOWS)
  const { workflowId } = route.useParams()
  const { workflows } = useOrchestration()
  const query = useQuery({ queryKey: ['workflows', workflowId], queryFn: () => workflows.get(workflowId) })
  const title = query.data === undefined ? t('workflow') : <AgentText text={query.data.name} />
  return (
    <Page title={title} actions={query.data === undefined ? undefined : <Actions workflow={query.data} />}>
      <p>
        <Link to="/workflows" search={{}}>
          {t('backToList')}
        </Link>
      </p>
      <Reading query={query}>{(workflow) => <Body key={workflow.id} workflow={workflow} />}</Reading>
    </Page>
  )
}

function Body({ workflow }: { readonly workflow: Workflow }): ReactNode {
  const t = useText(WORKFLOWS)
  const { definition, id } = workflow
  return (
    <>
      <About workflow={workflow} />
      <Drawing title={t('drawing')} definition={definition} />
      <section className="stack" aria-labelledby="wf-runs">
        <h2 id="wf-runs" className="panel-title">
          {t('runs')}
        </h2>
        <RunTable workflow={id} />
      </section>
      <Schedules workflow={workflow} />
      <Versions workflow={workflow} />
      {definition.input === undefined ? null : (
        <Panel title={t('inputSchema')}>
          <JsonView value={definition.input} />
        </Panel>
      )}
    </>
  )
}

function About({ workflow }: { readonly workflow: Workflow }): ReactNode {
  const t = useText(WORKFLOWS)
  const { definition, state, version, updatedAt, createdBy, id } = workflow
  return (
    <div className="stack">
      <div className="line">
        <WorkflowState state={state} />
        <span>{t('versionNumber', { version })}</span>
        <span className="muted">
          {t.rich('writtenAgo', { ago: <RelativeTime at={updatedAt} />, by: personText(createdBy) })}
        </span>
        <span className="muted">{t.rich('actsAs', { agent: <ToAgent id={definition.agent} /> })}</span>
        <code className="muted small">{id}</code>
        <CopyButton text={location.href} label={t('copyLink')} />
      </div>
      {definition.description === undefined ? null : (
        <p className="muted">
          <AgentText text={definition.description} />
        </p>
      )}
    </div>
  )
}

function Actions({ workflow }: { readonly workflow: Workflow }): ReactNode {
  const t = useText(WORKFLOWS)
  const { supervises } = usePowers()
  const [asked, setAsked] = useState<'execute' | 'archive' | null>(null)
  const close = (): void => setAsked(null)
  if (!supervises || workflow.state === 'archived') return null
  return (
    <>
      <Button kind="primary" onClick={() => setAsked('execute')}>
        {t('execute')}
      </Button>
      <Link to="/workflows/$workflowId/edit" params={{ workflowId: workflow.id }} className="button button-plain">
        {t('edit')}
      </Link>
      <Button kind="danger" onClick={() => setAsked('archive')}>
        {t('archive')}
      </Button>
      {asked === 'execute' ? <ExecuteDialog workflow={workflow} onClose={close} /> : null}
      {asked === 'archive' ? <ArchiveDialog workflow={workflow} onClose={close} /> : null}
    </>
  )
}

interface DialogProps {
  readonly workflow: Workflow
  readonly onClose: () => void
}

function ArchiveDialog({ workflow: { id }, onClose }: DialogProps): ReactNode {
  const t = useText(WORKFLOWS)
  const { workflows } = useOrchestration()
  const client = useQueryClient()
  const act = useAct({
    does: (reason: string) => workflows.archive(id, reason),
    says: () => t('archivedSaid'),
    onDone: (archived) => {
      client.setQueryData(['workflows', id], archived)
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('archiveTitle')}
      description={t('archiveWhat')}
      confirm={{ label: t('archive'), kind: 'danger' }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    />
  )
}
