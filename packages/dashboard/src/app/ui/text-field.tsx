import { type ReactNode, useId } from 'react'
import { useText } from '../text/use-text.ts'
import { UI } from './ui-messages.ts'

interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly isRequired?: boolean
  /** More than one makes it an area. */
  readonly rows?: number
  readonly problem?: string | undefined
  readonly hint?: string | undefined
  readonly inputMode?: 'text' | 'decimal' | 'numeric'
  readonly isCode?: boolean
}

/** A labelled field with its problem beside it. */
export function TextField(props: TextFieldProps): ReactNode {
  const { label, value, onChange, isRequired = false, rows = 1, problem, hint, inputMode, isCode } = props
  const t = useText(UI)
  const id = useId()
  const described = [problem === undefined ? '' : `${id}-problem`, hint === undefined ? '' : `${id}-hint`]
  const shared = {
    id,
    value,
    required: isRequired,
    className: isCode === true ? 'code-input' : undefined,
    'aria-invalid': problem !== undefined,
    'aria-describedby': described.filter((part) => part !== '').join(' ') || undefined,
    spellCheck: isCode !== true,
  } as const
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
        {isRequired ? <span className="muted"> {t('required')}</span> : null}
      </label>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="muted small">
          {hint}
        </p>
      )}
      {rows > 1 ? (
        <textarea {...shared} rows={rows} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input {...shared} inputMode={inputMode ?? 'text'} onChange={(event) => onChange(event.target.value)} />
      )}
      {problem === undefined ? null : (
        <p id={`${id}-problem`} className="field-problem">
          {problem}
        </p>
      )}
    </div>
  )
}
