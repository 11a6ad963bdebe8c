import { type JsonObject, visibleText } from '@preceptor/client'
import '../../styles/workflows.css'
import '../../styles/workflow-editor.css'
import type { Workflow } from '@preceptor/orchestration/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { usePowers } from '../../data/roles.ts'
import { useText } from '../../text/use-text.ts'
import { Page } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import { useOrchestration } from '../use-orchestration.ts'
import { Editor } from './editor.tsx'
import { EDITOR } from './editor-messages.ts'

const route = getRouteApi('/workflows/$workflowId/edit')

const BLANK: JsonObject = {
  name: '',
  agent: '',
  steps: [{ id: 'ask', type: 'approval', question: '' }],
}

/** Makes a workflow. */
export function NewWorkflowPage(): ReactNode {
  const t = useText(EDITOR)
  return (
    <Page title={t('newTitle')} isWide>
      <p>
        <Link to="/workflows" search={{}}>
          {t('back')}
        </Link>
      </p>
      <ForWriters>
        <Editor workflow={undefined} begin={BLANK} />
      </ForWriters>
    </Page>
  )
}

/** Edits a workflow: saving writes its next version. */
export function EditWorkflowPage(): ReactNode {
  const t = useText(EDITOR)
  const { workflowId } = route.useParams()
  const { workflows } = useOrchestration()
  const query = useQuery({ queryKey: ['workflows', workflowId], queryFn: () => workflows.get(workflowId) })
  return (
    <Page title={t('editTitle', { name: visibleText(query.data?.name ?? '') })} isWide>
      <p>
        <Link to="/workflows/$workflowId" params={{ workflowId }} search={{}}>
          {t('backToWorkflow')}
        </Link>
      </p>
      <ForWriters>
        <Reading query={query}>{(workflow) => <Editing key={workflow.id} workflow={workflow} />}</Reading>
      </ForWriters>
    </Page>
  )
}

/** What is edited is the version that was opened, whatever is saved meanwhile. */
function Editing({ workflow }: { readonly workflow: Workflow }): ReactNode {
  const t = useText(EDITOR)
  const [opened] = useState(workflow)
  const { version } = opened
  return (
    <>
      <p className="muted">{t('basedOn', { version, next: version + 1 })}</p>
      {workflow.version === version ? null : (
        <div className="note note-warn" role="status">
          {t('changed', { version: workflow.version, base: version })}
        </div>
      )}
      {/* What the server sends is JSON. */}
      <Editor workflow={opened} begin={opened.definition as unknown as JsonObject} />
    </>
  )
}

function ForWriters({ children }: { readonly children: ReactNode }): ReactNode {
  const t = useText(EDITOR)
  const { supervises } = usePowers()
  return supervises ? children : <p className="muted">{t('nothingAllowed')}</p>
}
