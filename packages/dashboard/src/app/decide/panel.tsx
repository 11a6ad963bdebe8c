import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { MOD } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { Button, type ButtonKind } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { UI } from '../ui/ui-messages.ts'
import type { Decide } from './use-decide.ts'

interface DecisionPanelProps {
  readonly title: string
  readonly children?: ReactNode
  readonly decide: Decide
  readonly confirm: { readonly label: string; readonly kind: ButtonKind; readonly isReady: boolean }
  readonly onConfirm: () => void
  readonly onClose: () => void
  /** The problem is shown beside the fields. */
  readonly hasOwnProblems?: boolean
}

/** The form of one decision. It opens with the focus inside, ⌘/Ctrl+Enter confirms, Escape closes. */
export function DecisionPanel(props: DecisionPanelProps): ReactNode {
  const { title, children, decide, confirm, onConfirm, onClose } = props
  const t = useText(UI)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>('input, textarea, select')
    const target = first ?? form.current
    // It is in sight where it stands; the arguments behind it stay where the reader left them.
    target?.focus({ preventScroll: true })
  }, [])
  const isReady = confirm.isReady && !decide.isBusy
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isReady) onConfirm()
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      // A key that is held since before the form was there has confirmed nothing.
      if (isReady && !event.repeat) onConfirm()
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      onClose()
    }
  }
  return (
    <form ref={form} className="decision" aria-label={title} tabIndex={-1} onSubmit={submit} onKeyDown={onKey}>
      <h3 className="decision-title">{title}</h3>
      {children}
      {decide.error === null || decide.isConflict || props.hasOwnProblems === true ? null : (
        <ProblemNote error={decide.error} />
      )}
      <div className="decision-actions">
        <Button kind={confirm.kind} type="submit" hint={`${MOD} ↵`} aria-disabled={!isReady}>
          {decide.isBusy ? t('sending') : confirm.label}
        </Button>
        <Button kind="quiet" hint="Esc" onClick={onClose}>
          {t('back')}
        </Button>
      </div>
    </form>
  )
}
