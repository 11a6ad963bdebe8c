import { Dialog } from '@base-ui/react/dialog'
import { type ReactNode, useId, useState } from 'react'
import { useText } from '../text/use-text.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { SECRET } from './secret-messages.ts'

interface SecretDialogProps {
  readonly title: string
  readonly children?: ReactNode
  readonly secret: string
  readonly onClose: () => void
}

/** Shows a secret the one time that it is shown; it goes away only when somebody says that it is kept. */
export function SecretDialog({ title, children, secret, onClose }: SecretDialogProps): ReactNode {
  const t = useText(SECRET)
  const id = useId()
  const [isKept, setKept] = useState(false)
  return (
    <Dialog.Root open>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog stack">
          <Dialog.Title className="dialog-title">{title}</Dialog.Title>
          <Dialog.Description className="note note-warn">{t('once')}</Dialog.Description>
          {children}
          <div className="field">
            <label className="field-label" htmlFor={id}>
              {t('secret')}
            </label>
            <input id={id} className="code-input" readOnly value={secret} onFocus={(event) => event.target.select()} />
          </div>
          <p>
            <CopyButton text={secret} label={t('copy')} />
          </p>
          <label className="check">
            <input type="checkbox" checked={isKept} onChange={(event) => setKept(event.target.checked)} />
            {t('kept')}
          </label>
          <div className="dialog-actions">
            <Button kind="primary" disabled={!isKept} onClick={onClose}>
              {t('done')}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
