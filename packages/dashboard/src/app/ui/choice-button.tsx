import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { Button } from './button.tsx'

interface ChoiceButtonProps<Choice extends string> {
  readonly label: string
  readonly choices: readonly (readonly [choice: Choice, label: string])[]
  readonly onChoose: (choice: Choice) => void
}

/**
 * A button that opens a few others below it. They are buttons like any other, reached by Tab; Escape and leaving them
 * close the list.
 */
export function ChoiceButton<Choice extends string>(props: ChoiceButtonProps<Choice>): ReactNode {
  const { label, choices, onChoose } = props
  const [isOpen, setOpen] = useState(false)
  const list = useId()
  const trigger = useRef<HTMLButtonElement>(null)
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isOpen) return
    event.preventDefault()
    event.stopPropagation()
    setOpen(false)
    trigger.current?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears what its buttons do not
    <div
      className="choice-button"
      onKeyDown={onKey}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false)
      }}
    >
      <Button ref={trigger} aria-expanded={isOpen} aria-controls={list} onClick={() => setOpen(!isOpen)}>
        {label} <span aria-hidden="true">▾</span>
      </Button>
      <ul id={list} className="choice-list" hidden={!isOpen}>
        {choices.map(([choice, text]) => (
          <li key={choice}>
            <Button
              kind="quiet"
              className="choice-item"
              onClick={() => {
                setOpen(false)
                trigger.current?.focus()
                onChoose(choice)
              }}
            >
              {text}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
