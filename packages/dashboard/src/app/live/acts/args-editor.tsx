import type { JsonObject, SessionStep } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { argChanges } from '../../data/arg-changes.ts'
import { argProblems, problemOf } from '../../data/problem.ts'
import { draftOf, type FormDraft, type FormReading, fieldsOf, readForm } from '../../edit/form-model.ts'
import { SchemaForm } from '../../edit/schema-form.tsx'
import { useText } from '../../text/use-text.ts'
import { TextField } from '../../ui/text-field.tsx'
import { ACTS } from './acts-messages.ts'

/** The args that a step is to run with instead. */
export interface ArgsEdit {
  readonly step: string
  /** Undefined while they are what they were. */
  readonly args: JsonObject | undefined
  /** Whether every field can be read. */
  readonly isFit: boolean
}

interface ArgsEditorProps {
  readonly step: SessionStep
  /** JSON Schema of the args; null where it is not known. */
  readonly schema: JsonObject | null
  /** Why the server refused the last correction. */
  readonly error: unknown
  readonly onEdit: (edit: ArgsEdit) => void
}

/** A form for the args of a step: each value keeps its type. */
export function ArgsEditor({ step, schema, error, onEdit }: ArgsEditorProps): ReactNode {
  const t = useText(ACTS)
  const args = step.correctedArgs ?? step.args
  const [fields] = useState(() => fieldsOf(schema, args))
  const [draft, setDraft] = useState<FormDraft>(() => draftOf(fields, args))
  const [json, setJson] = useState<string>()
  const readingOf = (form: FormDraft, text: string | undefined): FormReading =>
    text === undefined ? readForm(fields, form, args) : readJson(text, t('notJson'))
  const reading = readingOf(draft, json)
  const tell = (form: FormDraft, text: string | undefined): void => {
    const read = readingOf(form, text)
    const isFit = read.problems.size === 0
    const isChanged = isFit && argChanges(args, read.args).length > 0
    onEdit({ step: step.id, args: isChanged ? read.args : undefined, isFit })
  }
  const changeForm = (form: FormDraft): void => {
    setDraft(form)
    tell(form, undefined)
  }
  const changeJson = (text: string | undefined): void => {
    setJson(text)
    tell(draft, text)
  }
  const problems = new Map([...refusalOf(error), ...reading.problems])
  return (
    <>
      {problems.has('') ? (
        <p role="alert" className="field-problem">
          {problems.get('')}
        </p>
      ) : null}
      {json === undefined ? (
        <SchemaForm fields={fields} draft={draft} problems={problems} onChange={changeForm} />
      ) : (
        <TextField label={t('argsJson')} value={json} onChange={changeJson} rows={10} isCode />
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={json !== undefined}
          onChange={(event) => changeJson(event.target.checked ? JSON.stringify(reading.args, null, 2) : undefined)}
        />
        {t('asJson')}
      </label>
    </>
  )
}

/** What the server says of the args, by pointer; empty when it refused for another reason, or did not. */
function refusalOf(error: unknown): ReadonlyMap<string, string> {
  if (error === null) return new Map()
  const { code, message } = problemOf(error)
  return code === 'ARGS_INVALID' ? argProblems(message) : new Map()
}

function readJson(text: string, problem: string): FormReading {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { args: value as JsonObject, problems: new Map() }
    }
  } catch {
    // Said below.
  }
  return { args: {}, problems: new Map([['', problem]]) }
}
