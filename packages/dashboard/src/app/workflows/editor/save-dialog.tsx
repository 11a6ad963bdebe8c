import type { JsonObject } from '@preceptor/client'
import type { Workflow, WorkflowDefinition } from '@preceptor/orchestration/client'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../data/use-act.ts'
import { useText } from '../../text/use-text.ts'
import { AgentText } from '../../ui/agent-text.tsx'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useOrchestration } from '../use-orchestration.ts'
import { EDITOR } from './editor-messages.ts'
import { problemsOfError } from './problems.ts'

interface SaveDialogProps {
  readonly workflow: Workflow | undefined
  readonly definition: JsonObject
  readonly onClose: () => void
}

/** Saves the next version with a note on it, or the first one. */
export function SaveDialog({ workflow, definition, onClose }: SaveDialogProps): ReactNode {
  const t = useText(EDITOR)
  const { workflows } = useOrchestration()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [note, setNote] = useState('')
  // The server says what of it is no definition.
  const written = definition as unknown as WorkflowDefinition
  const act = useAct({
    does: () =>
      workflow === undefined
        ? workflows.create(written)
        : workflows.update(workflow.id, {
            definition: written,
            base: workflow.version,
            ...(note.trim() === '' ? {} : { note: note.trim() }),
          }),
    says: ({ version }: Workflow) => (workflow === undefined ? t('createdSaid') : t('savedSaid', { version })),
    onDone: (saved) => {
      client.setQueryData(['workflows', saved.id], saved)
      void client.invalidateQueries({ queryKey: ['workflows'] })
      void navigate({ to: '/workflows/$workflowId', params: { workflowId: saved.id }, search: {}, ignoreBlocker: true })
    },
  })
  return (
    <AskDialog
      title={t('saveTitle', { version: (workflow?.version ?? 0) + 1 })}
      description={t('saveWhat')}
      confirm={{ label: t('save') }}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => act.run()}
      onClose={onClose}
    >
      {workflow === undefined ? null : <TextField label={t('note')} value={note} onChange={setNote} rows={2} />}
      <ul>
        {problemsOfError(act.error).map(({ path, message }) => (
          <li key={`${path} ${message}`} className="field-problem">
            <code>{path}</code> <AgentText text={message} />
          </li>
        ))}
      </ul>
    </AskDialog>
  )
}
