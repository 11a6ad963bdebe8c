import type { JsonObject } from '@preceptor/client'
import type { Workflow } from '@preceptor/orchestration/client'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { isObject } from '../data/is-object.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { TextField } from '../ui/text-field.tsx'
import { inputDraft } from './input-draft.ts'
import { readJson } from './json-text.ts'
import { useOrchestration } from './use-orchestration.ts'
import { WORKFLOWS } from './workflows-messages.ts'

interface ExecuteDialogProps {
  readonly workflow: Workflow
  readonly onClose: () => void
}

/** Starts a run: the input is JSON, and the server says where it does not fit the schema. */
export function ExecuteDialog({ workflow, onClose }: ExecuteDialogProps): ReactNode {
  const { id, version, definition } = workflow
  const t = useText(WORKFLOWS)
  const { runs } = useOrchestration()
  const navigate = useNavigate()
  const input = useInput(definition.input)
  const act = useAct({
    does: (given: JsonObject) => runs.execute(id, { input: given, version }),
    says: () => t('executedSaid'),
    onDone: (run) => void navigate({ to: '/workflows/runs/$runId', params: { runId: run.id } }),
  })
  return (
    <AskDialog
      title={t('executeTitle', { version })}
      description={t('executeWhat')}
      confirm={{ label: t('execute') }}
      isReady={input.value !== undefined}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => input.value !== undefined && act.run(input.value)}
      onClose={onClose}
    >
      {input.field}
      {definition.input === undefined ? null : (
        <details>
          <summary>{t('inputSchema')}</summary>
          <JsonView value={definition.input} />
        </details>
      )}
    </AskDialog>
  )
}

/** A field for an input that is an object of JSON; the value is undefined while it is none. */
export function useInput(schema: JsonObject | undefined): {
  readonly value: JsonObject | undefined
  readonly field: ReactNode
} {
  const t = useText(WORKFLOWS)
  const [text, setText] = useState(() => JSON.stringify(inputDraft(schema), null, 2))
  const { value, problem } = readJson(text)
  const given = isObject(value) ? value : undefined
  const wrong = problem ?? (given === undefined ? t('inputObject') : undefined)
  return {
    value: given,
    field: <TextField label={t('input')} value={text} onChange={setText} rows={7} isCode problem={wrong} />,
  }
}
