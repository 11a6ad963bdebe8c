import type { ReactNode } from 'react'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { ACTS } from './acts-messages.ts'
import type { SessionDialogProps } from './dialog-props.ts'
import { useSessionAct } from './use-session-act.ts'

/** Asks before a run is ended for good. */
export function TerminateDialog({ session, onClose }: SessionDialogProps): ReactNode {
  const t = useText(ACTS)
  const act = useSessionAct({
    does: (sessions, reason: string) => sessions.intervene(session.id, { type: 'terminate', reason }),
    says: () => t('terminated'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('terminateTitle')}
      description={t('terminateNote')}
      confirm={{ label: t('terminate'), kind: 'danger' }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    />
  )
}
