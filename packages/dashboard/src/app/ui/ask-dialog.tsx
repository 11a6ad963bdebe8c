import { Dialog } from '@base-ui/react/dialog'
import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from 'react'
import { MOD } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { Button, type ButtonKind } from './button.tsx'
import { usePortal } from './portal.ts'
import { ProblemNote } from './problem-note.tsx'
import { useReturnFocus } from './return-focus.ts'
import { TextField } from './text-field.tsx'
import { UI } from './ui-messages.ts'

interface AskDialogProps {
  readonly title: string
  /** What it will do, exactly. */
  readonly description?: ReactNode
  readonly confirm: { readonly label: string; readonly kind?: ButtonKind }
  /** What closes it is called; default: back. */
  readonly cancel?: string
  /** Asks for a reason, which goes on record. */
  readonly asksReason?: boolean
  /** More to fill in. */
  readonly children?: ReactNode
  /** Whether what was filled in will do. */
  readonly isReady?: boolean
  readonly isBusy: boolean
  readonly error: unknown
  readonly onConfirm: (reason: string) => void
  readonly onClose: () => void
}

/** Asks before something is done: what it does, why, and yes or no. ⌘/Ctrl+Enter confirms, Escape closes. */
export function AskDialog(props: AskDialogProps): ReactNode {
  const { title, description, confirm, cancel, asksReason = false, children, isReady = true, isBusy, error } = props
  const t = useText(UI)
  const [reason, setReason] = useState('')
  const returnFocus = useReturnFocus()
  const mayConfirm = isReady && !isBusy && (!asksReason || reason.trim() !== '')
  const submit = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault()
    if (mayConfirm) props.onConfirm(reason.trim())
  }
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Dialog.Portal container={usePortal()}>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog" finalFocus={returnFocus}>
          <form
            className="stack"
            onSubmit={submit}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && !event.repeat) submit(event)
            }}
          >
            <Dialog.Title className="dialog-title">{title}</Dialog.Title>
            {description === undefined ? null : (
              <Dialog.Description render={<div />} className="muted">
                {description}
              </Dialog.Description>
            )}
            {children}
            {asksReason ? (
              <TextField label={t('reason')} value={reason} onChange={setReason} isRequired rows={3} />
            ) : null}
            {error === null || error === undefined ? null : <ProblemNote error={error} />}
            <div className="dialog-actions">
              <Dialog.Close render={<Button kind="quiet">{cancel ?? t('back')}</Button>} />
              <Button type="submit" kind={confirm.kind ?? 'primary'} hint={`${MOD} ↵`} aria-disabled={!mayConfirm}>
                {isBusy ? t('sending') : confirm.label}
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
