import type { JsonObject } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { ChangeList } from '../card/change-list.tsx'
import { argChanges } from '../data/arg-changes.ts'
import { argProblems, problemOf } from '../data/problem.ts'
import { ApprovePanel } from '../decide/approve-panel.tsx'
import { DecisionPanel } from '../decide/panel.tsx'
import type { PanelProps } from '../decide/panel-props.ts'
import { textOf, useText } from '../text/use-text.ts'
import { TextField } from '../ui/text-field.tsx'
import { useUnsaved } from '../ui/unsaved.ts'
import { EDIT } from './edit-messages.ts'
import { draftOf, type FormDraft, fieldsOf, readForm } from './form-model.ts'
import { SchemaForm } from './schema-form.tsx'

interface EditPanelProps extends PanelProps {
  readonly isPayloadSeen: boolean
  /** The args that it begins with, where they are not the present ones. */
  readonly preset?: JsonObject | undefined
}

/** Edits the args, then approves them: first the form, then the same last look as for any approval. */
export function EditPanel(props: EditPanelProps): ReactNode {
  const { card, decide, onClose, preset } = props
  const t = useText(EDIT)
  const { args } = card.proposal
  const [fields] = useState(() => fieldsOf(card.schema, preset ?? args))
  const [draft, setDraft] = useState<FormDraft>(() => draftOf(fields, preset ?? args))
  const [json, setJson] = useState<string>()
  const [edited, setEdited] = useState<JsonObject>()
  const [begin] = useState(draft)
  const reading = json === undefined ? readForm(fields, draft, preset ?? args) : readJson(json)
  const isDraftWritten = JSON.stringify(draft) !== JSON.stringify(begin)
  useUnsaved(edited !== undefined || (json === undefined ? isDraftWritten : isWritten(reading, preset ?? args)))
  const refusal = refusalOf(decide.error)
  // The server refused the edit: its problems belong to the fields.
  const isReviewed = edited !== undefined && refusal === undefined
  if (isReviewed) {
    return (
      <ApprovePanel {...props} args={edited} onClose={() => setEdited(undefined)}>
        <ChangeList changes={argChanges(args, edited)} />
      </ApprovePanel>
    )
  }
  const isChanged = reading.problems.size === 0 && argChanges(args, reading.args).length > 0
  const problems = new Map([...(refusal ?? []), ...reading.problems])
  const review = (): void => {
    decide.reset()
    setEdited(reading.args)
  }
  return (
    <DecisionPanel
      title={t('title')}
      decide={decide}
      confirm={{ label: t('review'), kind: 'primary', isReady: isChanged }}
      onConfirm={review}
      onClose={onClose}
      hasOwnProblems={refusal !== undefined}
    >
      <p className="muted small">{t('hint')}</p>
      {problems.has('') ? (
        <p role="alert" className="field-problem">
          {problems.get('')}
        </p>
      ) : null}
      {json === undefined ? (
        <SchemaForm fields={fields} draft={draft} problems={problems} onChange={setDraft} />
      ) : (
        <TextField label={t('asJson')} value={json} onChange={setJson} rows={12} isCode />
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={json !== undefined}
          onChange={(event) => setJson(event.target.checked ? JSON.stringify(reading.args, null, 2) : undefined)}
        />
        {t('editAsJson')}
      </label>
    </DecisionPanel>
  )
}

/** Whether what was read is other than what it began with, or nothing that can be read. */
function isWritten({ args, problems }: ReturnType<typeof readForm>, begin: JsonObject): boolean {
  return problems.size > 0 || argChanges(begin, args).length > 0
}

/** What the server says of the args, by pointer; undefined when it refused for another reason, or did not. */
function refusalOf(error: unknown): ReadonlyMap<string, string> | undefined {
  if (error === null) return undefined
  const { code, message } = problemOf(error)
  if (code !== 'ARGS_INVALID') return undefined
  const found = argProblems(message)
  return found.size > 0 ? found : new Map([['', message]])
}

function readJson(text: string): ReturnType<typeof readForm> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { args: value as JsonObject, problems: new Map() }
    }
  } catch {
    // It is said below.
  }
  return { args: {}, problems: new Map([['', textOf(EDIT)('notAnObject')]]) }
}
