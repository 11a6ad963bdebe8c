import { visibleText } from '@preceptor/client'
import { type ReactNode, useId } from 'react'
import { useText } from '../text/use-text.ts'
import { TextField } from '../ui/text-field.tsx'
import { EDIT } from './edit-messages.ts'
import type { FormDraft, FormField } from './form-model.ts'

interface SchemaFormProps {
  readonly fields: readonly FormField[]
  readonly draft: FormDraft
  readonly problems: ReadonlyMap<string, string>
  readonly onChange: (draft: FormDraft) => void
}

/** The fields of an action, each with what is wrong with it. */
export function SchemaForm({ fields, draft, problems, onChange }: SchemaFormProps): ReactNode {
  return (
    <div className="form">
      {fields.map((field) => (
        <Field
          key={field.pointer}
          field={field}
          value={draft[field.pointer] ?? ''}
          problem={problems.get(field.pointer)}
          onChange={(value) => onChange({ ...draft, [field.pointer]: value })}
        />
      ))}
    </div>
  )
}

interface FieldProps {
  readonly field: FormField
  readonly value: string
  readonly problem: string | undefined
  readonly onChange: (value: string) => void
}

const LINES = /\n|.{80}/

function Field({ field, value, problem, onChange }: FieldProps): ReactNode {
  const { label, kind, isRequired, hint } = field
  if (kind === 'boolean' || kind === 'choice') {
    return <Choice field={field} value={value} problem={problem} onChange={onChange} />
  }
  const isCode = kind === 'json'
  const isLong = isCode || (kind === 'text' && LINES.test(value))
  return (
    <TextField
      label={visibleText(label)}
      value={value}
      onChange={onChange}
      isRequired={isRequired && kind !== 'text'}
      hint={hint}
      problem={problem}
      isCode={isCode}
      rows={isLong ? 4 : 1}
      inputMode={kind === 'number' ? 'decimal' : kind === 'integer' ? 'numeric' : 'text'}
    />
  )
}

function Choice({ field, value, problem, onChange }: FieldProps): ReactNode {
  const id = useId()
  const t = useText(EDIT)
  const options = field.kind === 'boolean' ? [true, false] : field.options
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {visibleText(field.label)}
      </label>
      <select
        id={id}
        value={value}
        aria-invalid={problem !== undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {field.isRequired && field.isPresent ? null : <option value="">{t('notGiven')}</option>}
        {options.map((option) => {
          const text = JSON.stringify(option)
          return (
            <option key={text} value={text}>
              {typeof option === 'string' ? option : text}
            </option>
          )
        })}
      </select>
      {problem === undefined ? null : <p className="field-problem">{problem}</p>}
    </div>
  )
}
