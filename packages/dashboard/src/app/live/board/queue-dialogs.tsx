import { type QueueEntry, visibleText } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../../data/session-context.ts'
import { type Act, useAct } from '../../data/use-act.ts'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { ChoiceChips } from '../../ui/choice-chips.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { LIVE } from './live-messages.ts'

/** What is asked about an entry. */
export interface QueueQuestion {
  readonly kind: 'cancel' | 'resolve'
  readonly entry: QueueEntry
}

interface QueueDialogsProps {
  readonly question: QueueQuestion
  readonly onClose: () => void
}

/** Asks before an entry is cancelled, or what came of one that was lost. */
export function QueueDialogs({ question, onClose }: QueueDialogsProps): ReactNode {
  return question.kind === 'cancel' ? (
    <CancelDialog entry={question.entry} onClose={onClose} />
  ) : (
    <ResolveDialog entry={question.entry} onClose={onClose} />
  )
}

interface EntryDialogProps {
  readonly entry: QueueEntry
  readonly onClose: () => void
}

function useQueueAct<Given>(
  does: (given: Given) => Promise<QueueEntry>,
  { said, onClose }: { readonly said: string; readonly onClose: () => void },
): Act<Given> {
  const client = useQueryClient()
  return useAct({
    does,
    says: () => said,
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['queue'] })
      onClose()
    },
  })
}

function CancelDialog({ entry, onClose }: EntryDialogProps): ReactNode {
  const t = useText(LIVE)
  const { scope } = useSignedIn()
  const act = useQueueAct((reason: string) => scope.queue.cancel(entry.id, reason), { said: t('cancelDone'), onClose })
  return (
    <AskDialog
      title={t('cancelTitle', { action: visibleText(entry.action) })}
      description={t('cancelNote')}
      confirm={{ label: t('cancelDo'), kind: 'danger' }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    >
      <JsonView value={entry.args} />
    </AskDialog>
  )
}

function ResolveDialog({ entry, onClose }: EntryDialogProps): ReactNode {
  const t = useText(LIVE)
  const { scope } = useSignedIn()
  const [outcome, setOutcome] = useState<'succeeded' | 'failed'>()
  const act = useQueueAct((reason: string) => scope.queue.resolve(entry.id, { outcome: outcome ?? 'failed', reason }), {
    said: t('resolved'),
    onClose,
  })
  return (
    <AskDialog
      title={t('resolveTitle', { action: visibleText(entry.action) })}
      description={t('resolveNote')}
      confirm={{ label: t('resolveDo') }}
      asksReason
      isReady={outcome !== undefined}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    >
      <JsonView value={entry.args} />
      <ChoiceChips
        legend={t('outcome')}
        options={[
          ['succeeded', t('succeeded')],
          ['failed', t('failedOutcome')],
        ]}
        value={outcome}
        onChange={setOutcome}
      />
    </AskDialog>
  )
}
