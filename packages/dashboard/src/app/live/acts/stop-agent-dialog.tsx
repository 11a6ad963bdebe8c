import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../../data/session-context.ts'
import { useAct } from '../../data/use-act.ts'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { ChoiceChips } from '../../ui/choice-chips.tsx'
import { ACTS } from './acts-messages.ts'

interface StopAgentDialogProps {
  readonly agent: string
  readonly onClose: () => void
}

/** Asks before all runs of an agent are held up or ended. */
export function StopAgentDialog({ agent, onClose }: StopAgentDialogProps): ReactNode {
  const t = useText(ACTS)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const [how, setHow] = useState<'pause' | 'stop'>('pause')
  const act = useAct({
    does: (reason: string) => (how === 'pause' ? scope.agents.pause(agent, reason) : scope.agents.stop(agent, reason)),
    says: ({ lifecycle }) => t('stopped', { agent, lifecycle }),
    onDone: () => {
      for (const root of ['sessions', 'agents', 'agent', 'queue']) void client.invalidateQueries({ queryKey: [root] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('stopTitle', { agent })}
      description={t('stopNote')}
      confirm={{ label: t('stopDo'), kind: 'danger' }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    >
      <ChoiceChips
        legend={t('stopHow')}
        options={[
          ['pause', t('stopPause')],
          ['stop', t('stopStop')],
        ]}
        value={how}
        onChange={setHow}
      />
    </AskDialog>
  )
}
