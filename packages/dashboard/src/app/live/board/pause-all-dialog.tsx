import type { SupervisionSession } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../../data/session-context.ts'
import { useAct } from '../../data/use-act.ts'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { LIVE } from './live-messages.ts'

interface PauseAllDialogProps {
  readonly sessions: readonly SupervisionSession[]
  readonly onClose: () => void
}

/** Asks before every run in sight is paused; each of them answers for itself. */
export function PauseAllDialog({ sessions, onClose }: PauseAllDialogProps): ReactNode {
  const t = useText(LIVE)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const all = sessions.length
  const act = useAct({
    async does() {
      const pauses = sessions.map(({ id }) => scope.sessions.intervene(id, { type: 'pause' }))
      const results = await Promise.allSettled(pauses)
      const refused = results.find((result) => result.status === 'rejected')
      const count = results.filter(({ status }) => status === 'fulfilled').length
      if (count === 0 && refused !== undefined) throw refused.reason
      return count
    },
    says: (count: number) => (count === all ? t('pauseAllDone', { count }) : t('pauseAllSome', { count, all })),
    onDone() {
      void client.invalidateQueries({ queryKey: ['sessions'] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('pauseAllTitle', { count: all })}
      description={t('pauseAllNote')}
      confirm={{ label: t('pauseAllDo'), kind: 'danger' }}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => act.run()}
      onClose={onClose}
    />
  )
}
