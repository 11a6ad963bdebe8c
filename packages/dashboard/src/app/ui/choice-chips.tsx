import { type ReactNode, useId } from 'react'

interface ChoiceChipsProps<Value extends string | number> {
  readonly legend: string
  readonly options: readonly (readonly [value: Value, label: string])[]
  readonly value: Value | undefined
  readonly onChange: (value: Value) => void
}

/** One of a few, all of them in sight. */
export function ChoiceChips<Value extends string | number>(props: ChoiceChipsProps<Value>): ReactNode {
  const name = useId()
  return (
    <fieldset className="chips">
      <legend className="field-label">{props.legend}</legend>
      {props.options.map(([value, label]) => (
        <label key={value} className="chip">
          <input
            type="radio"
            name={name}
            required
            checked={props.value === value}
            onChange={() => props.onChange(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  )
}
