import type { JsonValue } from '@preceptor/client'
import { type ReactNode, useEffect, useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { SelectField } from '../../ui/select-field.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { readJson } from '../json-text.ts'
import { type Path, pathText, stepsAt, valueAt } from './definition-edit.ts'
import { useEditing } from './edit-context.ts'
import { EDITOR } from './editor-messages.ts'
import { problemAt } from './problems.ts'

interface FieldProps {
  readonly path: Path
  readonly label: string
  readonly hint?: string
  readonly isRequired?: boolean
}

/** A text; empty, it is taken out of the definition unless it is needed. */
export function LineField({
  path,
  label,
  hint,
  isRequired = false,
  rows,
}: FieldProps & { readonly rows?: number }): ReactNode {
  const { definition, problems, set } = useEditing()
  const value = valueAt(definition, path)
  return (
    <TextField
      label={label}
      hint={hint}
      isRequired={isRequired}
      rows={rows ?? 1}
      value={typeof value === 'string' ? value : ''}
      problem={problemAt(problems, pathText(path))}
      onChange={(text) => set(path, text === '' && !isRequired ? undefined : text)}
    />
  )
}

/** A number; empty, it is taken out. */
export function NumberField({ path, label, hint }: FieldProps): ReactNode {
  const { definition, problems, set } = useEditing()
  const value = valueAt(definition, path)
  return (
    <TextField
      label={label}
      hint={hint}
      inputMode="decimal"
      value={value === undefined ? '' : String(value)}
      problem={problemAt(problems, pathText(path))}
      onChange={(text) => set(path, text.trim() === '' ? undefined : Number.isNaN(Number(text)) ? text : Number(text))}
    />
  )
}

/** Any JSON, with expressions in it; empty, it is taken out. */
export function JsonField({ path, label, hint }: FieldProps): ReactNode {
  const { definition, problems, set, setBroken } = useEditing()
  const at = pathText(path)
  const value = valueAt(definition, path)
  const [text, setText] = useState(() => textOf(value))
  const { value: read, problem } = readJson(text)
  const isBroken = text.trim() !== '' && problem !== undefined
  // What another part of the page changed is shown, unless it says the same as what is typed.
  const given = JSON.stringify(value)
  useEffect(() => {
    setText((typed) => (JSON.stringify(readJson(typed).value) === given ? typed : textOf(parsed(given))))
  }, [given])
  useEffect(() => {
    setBroken(at, isBroken)
    return () => setBroken(at, false)
  }, [setBroken, at, isBroken])
  const onChange = (next: string): void => {
    setText(next)
    if (next.trim() === '') set(path, undefined)
    else {
      const now = readJson(next)
      if (now.value !== undefined) set(path, now.value)
    }
  }
  return (
    <TextField
      label={label}
      hint={hint}
      isCode
      rows={Math.min(Math.max(text.split('\n').length, 2), 16)}
      value={text}
      problem={isBroken && read === undefined ? problem : problemAt(problems, at)}
      onChange={onChange}
    />
  )
}

function textOf(value: JsonValue | undefined): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2)
}

function parsed(text: string | undefined): JsonValue | undefined {
  return text === undefined ? undefined : readJson(text).value
}

interface WayFieldProps extends FieldProps {
  /** The list that the step stands in: ways lead within it. */
  readonly list: Path
  /** What happens where nothing is said; none for a way that must be said. */
  readonly byDefault?: string
}

/** A step of the same list, or its end. */
export function WayField({ path, list, label, byDefault }: WayFieldProps): ReactNode {
  const t = useText(EDITOR)
  const { definition, problems, set } = useEditing()
  const value = valueAt(definition, path)
  const ids = [...new Set(stepsAt(definition, list).map(({ id }) => String(id)))]
  const stranger = typeof value === 'string' && value !== 'end' && !ids.includes(value) ? [value] : []
  const problem = problemAt(problems, pathText(path))
  return (
    <div className="field">
      <SelectField
        label={label}
        value={typeof value === 'string' ? value : ''}
        options={[
          ...(byDefault === undefined ? [] : [['', byDefault] as const]),
          ['end', t('end')],
          ...[...stranger, ...ids].map((id) => [id, id] as const),
        ]}
        onChange={(next) => set(path, next === '' ? undefined : next)}
      />
      {problem === undefined ? null : <p className="field-problem">{problem}</p>}
    </div>
  )
}

interface ChoiceFieldProps extends FieldProps {
  readonly options: readonly (readonly [value: string, label: string])[]
}

/** One of several; the empty one takes it out. */
export function ChoiceField({ path, label, options }: ChoiceFieldProps): ReactNode {
  const { definition, set } = useEditing()
  const value = valueAt(definition, path)
  return (
    <SelectField
      label={label}
      value={typeof value === 'string' ? value : ''}
      options={options}
      onChange={(next) => set(path, next === '' ? undefined : next)}
    />
  )
}
