import type { ReactNode } from 'react'
import { personText } from '../../data/format.ts'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { ACTS } from './acts-messages.ts'
import type { SessionDialogProps } from './dialog-props.ts'
import { useSessionAct } from './use-session-act.ts'

/** Asks before a session is taken from whoever holds it. */
export function TakeOverDialog({ session, onClose }: SessionDialogProps): ReactNode {
  const t = useText(ACTS)
  const act = useSessionAct({
    does: (sessions, reason: string) => sessions.takeOver(session.id, reason),
    says: () => t('tookOver'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('takeOverTitle')}
      description={t('takeOverNote', { who: personText(session.supervisorId ?? '') })}
      confirm={{ label: t('takeOver') }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    />
  )
}
