import type { ReactNode } from 'react'

interface CheckFieldProps<Value extends string> {
  readonly legend: string
  readonly options: readonly (readonly [value: Value, label: string])[]
  readonly value: readonly Value[]
  readonly onChange: (value: readonly Value[]) => void
}

/** Any of a few, all of them in sight. */
export function CheckField<Value extends string>(props: CheckFieldProps<Value>): ReactNode {
  const { legend, options, value, onChange } = props
  const toggled = (option: Value): readonly Value[] =>
    options.map(([known]) => known).filter((known) => value.includes(known) !== (known === option))
  return (
    <fieldset className="field">
      <legend className="field-label">{legend}</legend>
      <div className="line">
        {options.map(([option, label]) => (
          <label key={option} className="check">
            <input type="checkbox" checked={value.includes(option)} onChange={() => onChange(toggled(option))} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
