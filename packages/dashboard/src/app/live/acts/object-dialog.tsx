import { type SessionStep, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { ACTS } from './acts-messages.ts'
import { useSessionAct } from './use-session-act.ts'

interface ObjectDialogProps {
  readonly sessionId: string
  readonly step: SessionStep
  readonly onClose: () => void
}

/** Withholds a step. A reason stands there already: an announced step does not wait for who writes one. */
export function ObjectDialog({ sessionId, step, onClose }: ObjectDialogProps): ReactNode {
  const t = useText(ACTS)
  const [reason, setReason] = useState(t('objectReason'))
  const act = useSessionAct({
    does: (sessions, said: string) => sessions.object(sessionId, { step: step.id, reason: said }),
    says: () => t('objected'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('objectTitle', { action: visibleText(step.action) })}
      description={t('objectNote')}
      confirm={{ label: t('object'), kind: 'danger' }}
      isReady={reason.trim() !== ''}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => act.run(reason.trim())}
      onClose={onClose}
    >
      <TextField label={t('reason')} value={reason} onChange={setReason} isRequired rows={2} />
    </AskDialog>
  )
}
